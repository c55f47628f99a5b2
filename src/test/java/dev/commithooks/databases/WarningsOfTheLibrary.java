package dev.commithooks.databases;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What the library logs until this is closed. */
final class WarningsOfTheLibrary extends Handler implements AutoCloseable {

    private static final Logger LOGGER = Logger.getLogger("dev.commithooks");

    private final List<String> texts = new CopyOnWriteArrayList<>();

    WarningsOfTheLibrary() {
        LOGGER.addHandler(this);
    }

    List<String> texts() {
        return texts;
    }

    @Override
    public void publish(LogRecord entry) {
        texts.add(entry.getMessage());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        LOGGER.removeHandler(this);
    }
}
