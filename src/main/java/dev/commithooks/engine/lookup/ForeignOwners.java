package dev.commithooks.engine.lookup;

import dev.commithooks.engine.boundary.Level;
import dev.commithooks.engine.boundary.OwnersBoundary;
import dev.commithooks.engine.boundary.TransactionBoundary;
import dev.commithooks.engine.scope.ScopeInfo;
import dev.commithooks.engine.scope.TransactionScope;
import dev.commithooks.engine.telling.Policies;
import dev.commithooks.spi.Boundary;
import dev.commithooks.spi.OwnedTransaction;
import dev.commithooks.spi.TransactionOwner;
import java.util.function.Function;
import org.jooq.Configuration;
import org.jspecify.annotations.Nullable;

/** The transactions of others, found by asking their owners one after the other. */
final class ForeignOwners {

    private final Policies policies;

    ForeignOwners(Policies policies) {
        this.policies = policies;
    }

    /**
     * The top of the transaction that the caller is in, to write in it; null when no owner has one.
     *
     * @throws IllegalStateException when it is being ended
     */
    @Nullable
    Level current(Configuration configuration) {
        return current(configuration, owned -> {
            if (owned.isEnding()) {
                throw new IllegalStateException("A write to a table with hooks came while " + owned
                        + " was being ended; nothing was sent. Write before COMMIT, in Spring's beforeCommit at the latest,"
                        + " or afterwards in a transaction of its own.");
            }
            return open(owned, configuration);
        });
    }

    /**
     * The same for whatever else happens on its connection; null when it is being ended, too: COMMIT may have been sent, and what comes
     * behind it is not the transaction's.
     */
    @Nullable
    TransactionBoundary atWork(Configuration configuration) {
        Level top = current(configuration, owned -> owned.isEnding() ? null : open(owned, configuration));
        return top == null || top.boundary().owned().isEnding() ? null : top.boundary();
    }

    private @Nullable Level current(
            Configuration configuration, Function<OwnedTransaction, @Nullable Boundary> opening) {
        for (TransactionOwner owner : policies.owners()) {
            Boundary boundary = owner.current(configuration, opening);
            if (boundary instanceof OwnersBoundary ours
                    && ours.boundary().scope().isOpen()) {
                mustTellByThese(ours);
                return ours.boundary();
            }
        }
        return null;
    }

    /** Two that share a transaction would share one's deliveries, observers and resolver. */
    private void mustTellByThese(OwnersBoundary boundary) {
        if (!boundary.isBy(policies)) {
            throw new IllegalStateException(
                    "Transaction " + boundary.boundary().scope().info().id()
                            + " is told of by other CommitHooks, which were the first to see it: durable hooks and observers of"
                            + " these ones would never hear of it. Nothing was sent. Register all hooks of one data source with"
                            + " one CommitHooks.");
        }
    }

    private Boundary open(OwnedTransaction owned, Configuration configuration) {
        ScopeInfo identity = ScopeInfo.next(
                owned.name().orElse(null), 1, configuration.clock().instant());
        TransactionBoundary boundary = new TransactionBoundary(
                policies,
                new TransactionScope(identity, policies.restoresRecords()),
                owned,
                TransactionData.lasting(configuration));
        boundary.begun();
        return new OwnersBoundary(boundary);
    }
}
