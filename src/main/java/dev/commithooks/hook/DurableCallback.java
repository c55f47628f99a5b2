package dev.commithooks.hook;

/** A durable callback: takes the texts that transactions hand over to its name, see {@link CurrentTransaction#handOver}. */
@FunctionalInterface
public interface DurableCallback {

    /**
     * Runs when the transaction that handed the text over is committed, at least once, on any node.
     *
     * <p>Transaction: over, {@link HookContext#dsl()} runs outside of it. If it throws, it is called again later, and in the end
     * parked.
     */
    void run(String text, HookContext ctx) throws Exception;
}
