package dev.commithooks;

import dev.commithooks.engine.jooq.Engine;
import dev.commithooks.engine.registry.Registry;
import dev.commithooks.spi.DurableDelivery;

/** The making of a {@link CommitHooks} of what its builder has collected. */
final class Assembly {

    private Assembly() {}

    /** The hooks; a durable delivery serves them from now on. */
    static CommitHooks of(Registrations registrations, Settings settings) {
        DurableRegistrations durable = registrations.durable();
        DurableDelivery delivery = settings.delivery;
        if (delivery == null) {
            durable.refuseIfAny();
        } else {
            settings.participants.add(new DurableHandOver(durable, delivery, settings.observer));
        }
        Registry registry = new Registry(registrations.all(), settings.ofRows(registrations.all()));
        CommitHooks hooks = new CommitHooks(new Engine(registry, settings.ofTransactions()));
        if (delivery != null) {
            delivery.serve(new ServedHooks(durable.all(), hooks, settings.observer));
        }
        return hooks;
    }
}
