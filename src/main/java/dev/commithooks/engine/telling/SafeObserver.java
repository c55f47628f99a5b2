package dev.commithooks.engine.telling;

import dev.commithooks.spi.HookObserver;
import dev.commithooks.transaction.Failure;
import dev.commithooks.transaction.Outcome;
import dev.commithooks.transaction.TransactionInfo;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An observer of whom nothing can come back: what it throws is logged. */
public final class SafeObserver implements HookObserver {

    /** Observes nothing. */
    public static final HookObserver NONE = new HookObserver() {
        @Override
        public String toString() {
            return "none";
        }
    };

    private static final System.Logger LOG = System.getLogger("dev.commithooks");

    private final HookObserver observer;

    private SafeObserver(HookObserver observer) {
        this.observer = observer;
    }

    /** The observer, made safe. */
    public static HookObserver of(HookObserver observer) {
        return observer == NONE || observer instanceof SafeObserver ? observer : new SafeObserver(observer);
    }

    private void safely(Runnable notification) {
        try {
            notification.run();
        } catch (Throwable failure) { // an observer must not change what it observes
            LOG.log(System.Logger.Level.WARNING, "Observer " + observer + " threw; it is ignored", failure);
        }
    }

    @Override
    public void transactionBegun(TransactionInfo transaction) {
        safely(() -> observer.transactionBegun(transaction));
    }

    @Override
    public void savepoint(TransactionInfo transaction, SavepointEvent event) {
        safely(() -> observer.savepoint(transaction, event));
    }

    @Override
    public void boundary(TransactionInfo transaction, Phase phase, int changes) {
        safely(() -> observer.boundary(transaction, phase, changes));
    }

    @Override
    public void hookStarted(HookCall call) {
        safely(() -> observer.hookStarted(call));
    }

    @Override
    public void hookFinished(HookCall call, Duration duration) {
        safely(() -> observer.hookFinished(call, duration));
    }

    @Override
    public void hookFailed(HookCall call, Duration duration, Throwable failure) {
        safely(() -> observer.hookFailed(call, duration, failure));
    }

    @Override
    public void bypass(String table, String sql, boolean refused) {
        safely(() -> observer.bypass(table, sql, refused));
    }

    @Override
    public void cleanUpFailed(TransactionInfo transaction, Throwable failure) {
        safely(() -> observer.cleanUpFailed(transaction, failure));
    }

    @Override
    public void outcome(
            TransactionInfo transaction, Outcome outcome, @Nullable Failure failure, int changes, Duration duration) {
        safely(() -> observer.outcome(transaction, outcome, failure, changes, duration));
    }

    @Override
    public void handedOver(TransactionInfo transaction, String hook, int changes) {
        safely(() -> observer.handedOver(transaction, hook, changes));
    }

    @Override
    public void delivered(DeliveryAttempt attempt, Duration duration) {
        safely(() -> observer.delivered(attempt, duration));
    }

    @Override
    public void deliveryFailed(DeliveryAttempt attempt, @Nullable Throwable failure, Instant next) {
        safely(() -> observer.deliveryFailed(attempt, failure, next));
    }

    @Override
    public void parked(DeliveryAttempt attempt, @Nullable Throwable failure) {
        safely(() -> observer.parked(attempt, failure));
    }

    @Override
    public String toString() {
        return observer.toString();
    }
}
