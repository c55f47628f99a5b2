package dev.commithooks.durable;

import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.fixture.Waiting;
import java.time.Duration;

/** Deliveries that are quick enough for tests, and the end of their work. */
public final class Deliveries {

    public static final DeliverySettings QUICK = DeliverySettings.defaults()
            .threads(2)
            .polling(Duration.ofMillis(50))
            .backoff(Duration.ofMillis(1), Duration.ofMillis(20))
            .attempts(4);

    /** Deliveries that soon take over what a dead node was at. */
    static final DeliverySettings WATCHFUL =
            QUICK.heartbeat(Duration.ofMillis(300)).attempts(1_000);

    private Deliveries() {}

    /** Waits until nothing of one hook is stored any more. */
    static void drainedOf(String hook, TestDatabase database) {
        Waiting.until(() -> database.dsl()
                .fetchSingle("select count(*) = 0 from hook_delivery where task_name = ?", hook)
                .get(0, boolean.class));
    }

    /** Waits until nothing waits, runs or is retried any more. */
    public static void drained(DbSchedulerDelivery delivery) {
        Waiting.until(() -> {
            DeliveryStatus status = delivery.status();
            return status.waiting() + status.running() + status.retrying() == 0;
        });
    }
}
