package dev.commithooks.transaction;

import java.time.Instant;
import java.util.Optional;

/** The identity of a transaction, for messages and observers. Immutable. */
public interface TransactionInfo {

    /** An id of this library's own, unique over processes; not the database's. */
    String id();

    /** The name it was given, if any. */
    Optional<String> name();

    /** The number of savepoints around it: 0 at the top level, 1 in a nested transaction. */
    int depth();

    /** The number of the attempt: 1, and more where the transaction is retried. */
    int attempt();

    /** When the top-level transaction began. */
    Instant start();
}
