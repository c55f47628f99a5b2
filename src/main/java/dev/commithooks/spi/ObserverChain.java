package dev.commithooks.spi;

import dev.commithooks.transaction.Failure;
import dev.commithooks.transaction.Outcome;
import dev.commithooks.transaction.TransactionInfo;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Two observers, one after the other. */
record ObserverChain(HookObserver first, HookObserver second) implements HookObserver {

    @Override
    public void transactionBegun(TransactionInfo transaction) {
        first.transactionBegun(transaction);
        second.transactionBegun(transaction);
    }

    @Override
    public void savepoint(TransactionInfo transaction, SavepointEvent event) {
        first.savepoint(transaction, event);
        second.savepoint(transaction, event);
    }

    @Override
    public void boundary(TransactionInfo transaction, Phase phase, int changes) {
        first.boundary(transaction, phase, changes);
        second.boundary(transaction, phase, changes);
    }

    @Override
    public void hookStarted(HookCall call) {
        first.hookStarted(call);
        second.hookStarted(call);
    }

    @Override
    public void hookFinished(HookCall call, Duration duration) {
        first.hookFinished(call, duration);
        second.hookFinished(call, duration);
    }

    @Override
    public void hookFailed(HookCall call, Duration duration, Throwable failure) {
        first.hookFailed(call, duration, failure);
        second.hookFailed(call, duration, failure);
    }

    @Override
    public void bypass(String table, String sql, boolean refused) {
        first.bypass(table, sql, refused);
        second.bypass(table, sql, refused);
    }

    @Override
    public void cleanUpFailed(TransactionInfo transaction, Throwable failure) {
        first.cleanUpFailed(transaction, failure);
        second.cleanUpFailed(transaction, failure);
    }

    @Override
    public void outcome(
            TransactionInfo transaction, Outcome outcome, @Nullable Failure failure, int changes, Duration duration) {
        first.outcome(transaction, outcome, failure, changes, duration);
        second.outcome(transaction, outcome, failure, changes, duration);
    }

    @Override
    public void handedOver(TransactionInfo transaction, String hook, int changes) {
        first.handedOver(transaction, hook, changes);
        second.handedOver(transaction, hook, changes);
    }

    @Override
    public void delivered(DeliveryAttempt attempt, Duration duration) {
        first.delivered(attempt, duration);
        second.delivered(attempt, duration);
    }

    @Override
    public void deliveryFailed(DeliveryAttempt attempt, @Nullable Throwable failure, Instant next) {
        first.deliveryFailed(attempt, failure, next);
        second.deliveryFailed(attempt, failure, next);
    }

    @Override
    public void parked(DeliveryAttempt attempt, @Nullable Throwable failure) {
        first.parked(attempt, failure);
        second.parked(attempt, failure);
    }
}
