package dev.commithooks.durable;

import dev.commithooks.hook.Delivery;
import dev.commithooks.spi.DurableHook;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jooq.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to call a hook with what is in a parcel: with each change that is not done yet, whatever becomes of the others,
 * and once with all of them.
 */
final class ParcelCalls {

    private final Parcel parcel;
    private final Configuration configuration;
    private final Delivery delivery;
    private @Nullable Throwable failure;

    ParcelCalls(Parcel parcel, Configuration configuration, Delivery delivery) {
        this.parcel = parcel;
        this.configuration = configuration;
        this.delivery = delivery;
    }

    private interface Call {
        void run() throws Exception;
    }

    /**
     * Calls a hook with changes.
     *
     * @param gone takes the names of columns that the table does not have any more
     * @return the first failure, with the others as suppressed; null when all went well
     */
    @Nullable
    Throwable of(DurableHook.OnTable hook, ChangeCodec codec, Set<String> gone) {
        List<DecodedRow> rows = new ArrayList<>();
        if (!attempt(() -> parcel.changes().forEach(change -> rows.add(codec.read(change, gone))))) {
            return failure;
        }
        for (int i = 0; i < rows.size(); i++) {
            if (!parcel.isDone(i)) {
                DeliveryContext context = context(rows, delivery.id() + "#" + i);
                DecodedRow row = rows.get(i);
                if (attempt(() -> hook.call(row.toChange(configuration), context))) {
                    parcel.markDone(i);
                }
            }
        }
        DeliveryContext context = context(rows, delivery.id());
        if (!parcel.isSetDone() && attempt(() -> hook.callSet(context.own(), context))) {
            parcel.markSetDone();
        }
        return failure;
    }

    /** Calls a callback with its text. */
    @Nullable
    Throwable of(DurableHook.OnText hook) {
        attempt(() -> hook.call(parcel.text(), context(List.of(), delivery.id())));
        return failure;
    }

    private DeliveryContext context(List<DecodedRow> rows, String id) {
        Delivery call = new Delivery(id, delivery.attempt(), delivery.handedOver(), delivery.sequence());
        return new DeliveryContext(configuration, parcel.transaction(), rows, call);
    }

    private boolean attempt(Call call) {
        if (Thread.currentThread().isInterrupted()) {
            return false; // the node shuts down; what is not called now is called later
        }
        try {
            call.run();
            return true;
        } catch (Throwable thrown) {
            if (thrown instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            if (failure == null) {
                failure = thrown;
            } else if (failure != thrown) {
                failure.addSuppressed(thrown);
            }
            return false;
        }
    }
}
