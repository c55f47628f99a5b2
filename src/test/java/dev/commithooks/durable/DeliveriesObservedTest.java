package dev.commithooks.durable;

import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.CommitHooks;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.jfr.FlightRecorderObserver;
import dev.commithooks.spi.HookObserver;
import dev.commithooks.transaction.TransactionInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Observers and the flight recorder see each attempt to deliver. */
@Database
class DeliveriesObservedTest extends OneNodeFixture {

    DeliveriesObservedTest(TestDatabase database) {
        super(database);
    }

    @Test
    void observerSeesHandedOverDeliveredFailedAndParked() {
        List<String> seen = new CopyOnWriteArrayList<>();
        HookObserver observer = new HookObserver() {
            @Override
            public void handedOver(TransactionInfo transaction, String hook, int changes) {
                seen.add("handed over " + hook + " " + changes);
            }

            @Override
            public void delivered(DeliveryAttempt attempt, Duration duration) {
                seen.add("delivered " + attempt.hook() + " " + attempt.changes());
            }

            @Override
            public void deliveryFailed(DeliveryAttempt attempt, @Nullable Throwable failure, Instant next) {
                seen.add("failed " + attempt.hook() + " " + attempt.delivery().attempt() + " " + failure);
            }

            @Override
            public void parked(DeliveryAttempt attempt, @Nullable Throwable failure) {
                seen.add("parked " + attempt.hook() + " " + attempt.delivery().attempt());
            }
        };
        DSLContext dsl = attach(hooks().durableCallback("ship", (text, ctx) -> {
                    throw new IllegalStateException("no ship");
                })
                .observer(observer));
        node.start();

        dsl.transaction(tx -> {
            store(tx, "Tehanu");
            store(tx, "Lavinia");
            CommitHooks.current(tx).handOver("ship", "both");
        });
        Deliveries.drained(node);
        node.close(); // a parcel is parked in the table before observers are told

        String no = "java.lang.IllegalStateException: no ship";
        assertThat(seen)
                .containsExactlyInAnyOrder(
                        "handed over index 2",
                        "handed over ship 0",
                        "delivered index 2",
                        "failed ship 1 " + no,
                        "failed ship 2 " + no,
                        "failed ship 3 " + no,
                        "parked ship 4");
    }

    @Test
    void flightRecorderHasEachAttempt() throws Exception {
        Path file = Files.createTempFile("delivery", ".jfr");
        DSLContext dsl = attach(hooks().durableCallback("ship", (text, ctx) -> {
                    throw new IllegalStateException("no ship");
                })
                .observer(new FlightRecorderObserver()));
        try (Recording recording = new Recording()) {
            recording.enable("dev.commithooks.Delivery");
            recording.start();
            node.start();
            dsl.transaction(tx -> {
                store(tx, "Tehanu");
                CommitHooks.current(tx).handOver("ship", "it");
            });
            Deliveries.drained(node);
            node.close(); // a parcel is parked in the table before observers are told
            recording.stop();
            recording.dump(file);
        }

        assertThat(RecordingFile.readAllEvents(file))
                .filteredOn(event -> event.getEventType().getName().equals("dev.commithooks.Delivery"))
                .extracting(event ->
                        event.getString("hook") + " " + event.getInt("attempt") + " " + event.getString("outcome"))
                .containsExactlyInAnyOrder(
                        "index 1 DELIVERED", "ship 1 FAILED", "ship 2 FAILED", "ship 3 FAILED", "ship 4 PARKED");
        Files.delete(file);
    }
}
