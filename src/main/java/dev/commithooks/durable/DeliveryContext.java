package dev.commithooks.durable;

import dev.commithooks.change.Change;
import dev.commithooks.change.ChangeSet;
import dev.commithooks.hook.Delivery;
import dev.commithooks.hook.HookContext;
import dev.commithooks.transaction.Failure;
import dev.commithooks.transaction.Outcome;
import dev.commithooks.transaction.TransactionInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jooq.Configuration;
import org.jooq.DSLContext;

/** The surroundings of a hook that is called out of the store: its transaction is over, and was committed. */
record DeliveryContext(Configuration configuration, TransactionInfo transaction, List<DecodedRow> rows, Delivery call)
        implements HookContext {

    @Override
    public DSLContext dsl() {
        return configuration.dsl();
    }

    /** The parcel's changes, each time of their own. */
    @Override
    public ChangeSet changes() {
        return ChangeSet.of(own());
    }

    List<Change<?>> own() {
        List<Change<?>> changes = new ArrayList<>(rows.size());
        rows.forEach(row -> changes.add(row.toChange(configuration)));
        return changes;
    }

    @Override
    public Optional<Outcome> outcome() {
        return Optional.of(Outcome.COMMITTED);
    }

    @Override
    public Optional<Failure> failure() {
        return Optional.empty();
    }

    @Override
    public Optional<Delivery> delivery() {
        return Optional.of(call);
    }
}
