package dev.commithooks.engine.scope;

import dev.commithooks.transaction.TransactionInfo;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What users are told of a transaction, seen from one of its levels.
 *
 * @param identity which transaction it is
 * @param depth how many savepoints deep the level is
 * @param nameOrNull the level's name, if it was given one
 */
record ScopeInfo(
        ScopeIdentity identity, int depth, @Nullable String nameOrNull) implements TransactionInfo {

    @Override
    public String id() {
        return identity.id();
    }

    @Override
    public Optional<String> name() {
        return Optional.ofNullable(nameOrNull);
    }

    @Override
    public int attempt() {
        return identity.attempt();
    }

    @Override
    public Instant start() {
        return identity.start();
    }

    @Override
    public String toString() {
        return "transaction " + id() + (nameOrNull == null ? "" : " '" + nameOrNull + "'")
                + (depth == 0 ? "" : ", savepoint at depth " + depth)
                + (attempt() == 1 ? "" : ", attempt " + attempt());
    }
}
