package dev.commithooks.engine.lookup;

import dev.commithooks.engine.boundary.Level;
import dev.commithooks.engine.boundary.OwnersBoundary;
import dev.commithooks.engine.boundary.TransactionBoundary;
import dev.commithooks.engine.scope.ScopeIdentity;
import dev.commithooks.engine.scope.TransactionScope;
import dev.commithooks.engine.telling.Policies;
import dev.commithooks.spi.Boundary;
import dev.commithooks.spi.OwnedTransaction;
import dev.commithooks.spi.TransactionOwner;
import org.jooq.Configuration;
import org.jspecify.annotations.Nullable;

/** The transactions of others, found by asking their owners one after the other. */
final class ForeignOwners {

    private final Policies policies;

    ForeignOwners(Policies policies) {
        this.policies = policies;
    }

    /** The top of the transaction that the caller is in; null when no owner has one. */
    @Nullable
    Level current(Configuration configuration) {
        for (TransactionOwner owner : policies.owners()) {
            Boundary boundary = owner.current(configuration, owned -> open(owned, configuration));
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
        ScopeIdentity identity = ScopeIdentity.next(
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
