package dev.commithooks;

import dev.commithooks.change.Change;
import dev.commithooks.engine.jooq.Engine;
import dev.commithooks.spi.CommitContext;
import dev.commithooks.spi.CommitParticipant;
import dev.commithooks.spi.DurableDelivery;
import dev.commithooks.spi.DurableHook;
import dev.commithooks.spi.HandOver;
import dev.commithooks.spi.HookObserver;
import java.util.ArrayList;
import java.util.List;

/** The hand-over of each commit: the changes that durable hooks take, and the texts for durable callbacks. */
record DurableHandOver(DurableRegistrations durable, DurableDelivery delivery, HookObserver observer)
        implements CommitParticipant {

    private static final Prepared NOTHING = outcome -> {};

    /**
     * The callback of a name.
     *
     * @throws IllegalArgumentException when there is none
     */
    static DurableHook.OnText callback(Engine engine, String name) {
        for (CommitParticipant participant : engine.policies().participants()) {
            if (participant instanceof DurableHandOver handOver) {
                DurableHook.OnText callback = handOver.durable().callback(name);
                if (callback != null) {
                    return callback;
                }
            }
        }
        throw new IllegalArgumentException(
                "No durable callback has the name '" + name + "', and nothing was handed over:"
                        + " register it by CommitHooks.builder().durableCallback(\"" + name + "\", ...)");
    }

    @Override
    public String toString() {
        return delivery.toString();
    }

    @Override
    public Prepared aboutToCommit(CommitContext commit) throws Exception {
        List<HandOver> handOvers = new ArrayList<>();
        for (DurableRegistrations.TableHook hook : durable.onTables()) {
            List<Change<?>> taken = new ArrayList<>();
            for (Change<?> change : commit.changes().all()) {
                if (hook.takes(change)) {
                    taken.add(change);
                }
            }
            if (!taken.isEmpty()) {
                handOvers.add(new HandOver.Changes(hook, taken));
            }
        }
        handOvers.addAll(commit.handOvers());
        if (handOvers.isEmpty()) {
            return NOTHING;
        }
        Prepared prepared = delivery.handOver(commit.transaction(), handOvers, commit.dsl());
        for (HandOver handOver : handOvers) {
            int changes = handOver instanceof HandOver.Changes c ? c.changes().size() : 0;
            observer.handedOver(commit.transaction(), handOver.hook().name(), changes);
        }
        return prepared;
    }
}
