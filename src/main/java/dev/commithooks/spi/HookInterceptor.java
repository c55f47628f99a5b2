package dev.commithooks.spi;

import dev.commithooks.spi.HookObserver.HookCall;

/**
 * Stands around the calls of hooks and callbacks that are told of an outcome: after, failed and in doubt. Before hooks are a part
 * of the transaction, and are called without it. Durable hooks are called by their delivery, without it too.
 *
 * <p>With an interceptor a call is made when it proceeds, and only then. One that does not proceed takes upon itself what this
 * library promises of hooks; tests do so, that hold hooks back. Must be thread-safe.
 */
@FunctionalInterface
public interface HookInterceptor {

    /**
     * A hook or a callback is to be called.
     *
     * <p>Fires on the transaction's thread, in the order of the calls. Transaction: has ended, or was rolled back to a savepoint.
     * Connection: may still be the transaction's. What it throws counts as thrown by the hook; what the hook throws should be
     * let through.
     *
     * @param call which, and for which changes; the observer is told of it when the call proceeds
     * @param invocation the call, to be made now, or later and on any thread, or not at all
     */
    void intercept(HookCall call, Invocation invocation) throws Exception;

    /** A call that can be made once. */
    @FunctionalInterface
    interface Invocation {

        /**
         * Makes the call on this thread, and tells the observer. The hook sees the changes, the outcome and the transaction as
         * they were at the boundary, and the database as it is now. Calls of one boundary are made one after the other.
         *
         * @throws Exception what the hook throws; when {@link #intercept} has returned, nobody else hears of it
         * @throws IllegalStateException when it has been made already
         */
        void proceed() throws Exception;
    }
}
