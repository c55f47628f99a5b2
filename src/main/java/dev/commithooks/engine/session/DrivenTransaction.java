package dev.commithooks.engine.session;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jooq.Configuration;
import org.jooq.TransactionContext;
import org.jooq.TransactionListener;
import org.jooq.TransactionListenerProvider;
import org.jooq.TransactionProvider;
import org.jooq.conf.InvocationOrder;
import org.jooq.exception.DataAccessException;

/** Begins and ends one transaction as jOOQ's {@code transactionResult} does, everybody's transaction listeners included. */
final class DrivenTransaction {

    private final TransactionContext ctx;
    private final TransactionProvider provider;
    private final List<TransactionListener> atStarts;
    private final List<TransactionListener> atEnds;

    DrivenTransaction(TransactionContext ctx) {
        Configuration configuration = ctx.configuration();
        this.ctx = ctx;
        this.provider = configuration.transactionProvider();
        List<TransactionListener> listeners = Arrays.stream(configuration.transactionListenerProviders())
                .map(TransactionListenerProvider::provide)
                .toList();
        this.atStarts = ordered(listeners, ctx.settings().getTransactionListenerStartInvocationOrder());
        this.atEnds = ordered(listeners, ctx.settings().getTransactionListenerEndInvocationOrder());
    }

    private static List<TransactionListener> ordered(List<TransactionListener> listeners, InvocationOrder order) {
        List<TransactionListener> ordered = new ArrayList<>(listeners);
        if (order == InvocationOrder.REVERSE) {
            Collections.reverse(ordered);
        }
        return ordered;
    }

    TransactionContext ctx() {
        return ctx;
    }

    void begin() {
        try {
            try {
                atStarts.forEach(listener -> listener.beginStart(ctx));
                provider.begin(ctx);
            } finally {
                atEnds.forEach(listener -> listener.beginEnd(ctx));
            }
        } catch (Throwable cause) {
            rollBackBecauseOf(cause);
            throw cause;
        }
    }

    void commit() {
        boolean committed = false;
        try {
            try {
                atStarts.forEach(listener -> listener.commitStart(ctx));
                provider.commit(ctx);
                committed = true;
            } finally {
                atEnds.forEach(listener -> listener.commitEnd(ctx));
            }
        } catch (Throwable cause) {
            if (!committed) {
                rollBackBecauseOf(cause);
            }
            throw wrappedIfChecked(cause, committed);
        }
    }

    private static RuntimeException wrappedIfChecked(Throwable cause, boolean committed) {
        if (cause instanceof RuntimeException unchecked) {
            return unchecked;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        return new DataAccessException(committed ? "Exception after commit" : "Rollback caused", cause);
    }

    private void rollBackBecauseOf(Throwable cause) {
        if (cause instanceof Exception exception) {
            ctx.cause(exception);
        } else {
            ctx.causeThrowable(cause);
        }
        try {
            rollback();
        } catch (Exception suppressed) {
            cause.addSuppressed(suppressed);
        }
    }

    /** Rolls back even when a listener throws, for which jOOQ would leave the transaction open. */
    void rollback() {
        try {
            try {
                atStarts.forEach(listener -> listener.rollbackStart(ctx));
            } finally {
                provider.rollback(ctx);
            }
        } finally {
            atEnds.forEach(listener -> listener.rollbackEnd(ctx));
        }
    }
}
