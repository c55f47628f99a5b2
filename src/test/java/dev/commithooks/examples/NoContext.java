package dev.commithooks.examples;

import dev.commithooks.change.ChangeSet;
import dev.commithooks.hook.HookContext;
import dev.commithooks.transaction.Failure;
import dev.commithooks.transaction.Outcome;
import dev.commithooks.transaction.TransactionInfo;
import java.util.List;
import java.util.Optional;
import org.jooq.DSLContext;

/** For hooks that ask for nothing but their change. */
record NoContext() implements HookContext {

    @Override
    public DSLContext dsl() {
        throw new UnsupportedOperationException();
    }

    @Override
    public TransactionInfo transaction() {
        throw new UnsupportedOperationException();
    }

    @Override
    public ChangeSet changes() {
        return ChangeSet.of(List.of());
    }

    @Override
    public Optional<Outcome> outcome() {
        return Optional.empty();
    }

    @Override
    public Optional<Failure> failure() {
        return Optional.empty();
    }
}
