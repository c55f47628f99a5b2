package dev.commithooks.transaction;

import java.time.Instant;
import java.util.Optional;

/** Which transaction this is. Immutable. */
public interface TransactionInfo {

    /** An id of this library's own, unique over processes; not the database's. */
    String id();

    /** The name it was given, if any. */
    Optional<String> name();

    /** How many savepoints deep: 0 at the top level, 1 in a nested transaction. */
    int depth();

    /** Which attempt this is: 1, and more where the transaction is retried. */
    int attempt();

    /** When the top-level transaction began. */
    Instant start();
}
