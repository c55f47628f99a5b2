package delivery;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** A mail server that takes every other mail only when it is sent again. Its mails are lines of a file. */
final class MailServer {

    private final Path mails;

    MailServer(String file) {
        this.mails = Path.of(file);
    }

    void send(long order, int attempt) {
        if (order % 2 == 0 && attempt == 1) {
            throw new IllegalStateException("the mail server is busy");
        }
        try {
            Files.writeString(mails, "order " + order + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<String> sent() {
        try {
            return Files.exists(mails) ? Files.readAllLines(mails) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
