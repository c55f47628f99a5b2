package dev.commithooks.micrometer;

import dev.commithooks.transaction.TransactionInfo;
import java.time.Instant;
import java.util.Optional;

/** A transaction for events that no test can make happen at will. */
record SomeTransaction() implements TransactionInfo {

    @Override
    public String id() {
        return "1";
    }

    @Override
    public Optional<String> name() {
        return Optional.empty();
    }

    @Override
    public int depth() {
        return 0;
    }

    @Override
    public int attempt() {
        return 1;
    }

    @Override
    public Instant start() {
        return Instant.EPOCH;
    }
}
