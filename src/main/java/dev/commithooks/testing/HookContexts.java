package dev.commithooks.testing;

import dev.commithooks.change.Change;
import dev.commithooks.change.ChangeSet;
import dev.commithooks.hook.HookContext;
import dev.commithooks.transaction.Failure;
import dev.commithooks.transaction.Outcome;
import dev.commithooks.transaction.TransactionInfo;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Contexts made by hand, for unit tests of a single hook: {@code hook.afterCommitInsert(Inserted.of(BOOK, row),
 * HookContexts.afterCommit())}. Immutable.
 */
public final class HookContexts {

    private HookContexts() {}

    /** A before hook's: the transaction is open. */
    public static Made beforeCommit() {
        return new Made(null, null, null, ChangeSet.of(List.of()), null, 1);
    }

    /** An after hook's: the data is committed. */
    public static Made afterCommit() {
        return new Made(Outcome.COMMITTED, null, null, ChangeSet.of(List.of()), null, 1);
    }

    /** A failed hook's: the data is rolled back. */
    public static Made failedCommit(Failure failure) {
        Objects.requireNonNull(failure, "failure");
        return new Made(Outcome.ROLLED_BACK, failure, null, ChangeSet.of(List.of()), null, 1);
    }

    /** An in-doubt hook's: nobody knows. */
    public static Made inDoubt() {
        return new Made(Outcome.UNKNOWN, null, null, ChangeSet.of(List.of()), null, 1);
    }

    /** A context made by hand. */
    public static final class Made implements HookContext {

        private final @Nullable Outcome outcome;
        private final @Nullable Failure failure;
        private final @Nullable DSLContext dsl;
        private final ChangeSet changes;
        private final @Nullable String name;
        private final int attempt;

        private Made(
                @Nullable Outcome outcome,
                @Nullable Failure failure,
                @Nullable DSLContext dsl,
                ChangeSet changes,
                @Nullable String name,
                int attempt) {
            this.outcome = outcome;
            this.failure = failure;
            this.dsl = dsl;
            this.changes = changes;
            this.name = name;
            this.attempt = attempt;
        }

        /** The same with a way to the database. */
        public Made dsl(DSLContext given) {
            return new Made(outcome, failure, Objects.requireNonNull(given, "given"), changes, name, attempt);
        }

        /** The same with these changes at the boundary. */
        public Made changes(Change<?>... given) {
            return new Made(outcome, failure, dsl, ChangeSet.of(List.of(given)), name, attempt);
        }

        /** The same, of a transaction with this name. */
        public Made name(String given) {
            return new Made(outcome, failure, dsl, changes, Objects.requireNonNull(given, "given"), attempt);
        }

        /** The same, of a transaction's nth attempt. */
        public Made attempt(int nth) {
            return new Made(outcome, failure, dsl, changes, name, nth);
        }

        /**
         * The way to the database that was given.
         *
         * @throws IllegalStateException when none was
         */
        @Override
        public DSLContext dsl() {
            if (dsl == null) {
                throw new IllegalStateException(
                        "The hook asks for a database, and this context has none: give it one by dsl(..)");
            }
            return dsl;
        }

        @Override
        public TransactionInfo transaction() {
            return new MadeTransaction("made by hand", Optional.ofNullable(name), 0, attempt, Instant.EPOCH);
        }

        @Override
        public ChangeSet changes() {
            return changes;
        }

        @Override
        public Optional<Outcome> outcome() {
            return Optional.ofNullable(outcome);
        }

        @Override
        public Optional<Failure> failure() {
            return Optional.ofNullable(failure);
        }
    }

    private record MadeTransaction(String id, Optional<String> name, int depth, int attempt, Instant start)
            implements TransactionInfo {}
}
