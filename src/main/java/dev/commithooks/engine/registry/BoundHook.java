package dev.commithooks.engine.registry;

import dev.commithooks.hook.DeliveryLevel;
import dev.commithooks.spi.HookObserver.Phase;

/**
 * One method of one hook, bound to a table.
 *
 * @param name the hook's name, for messages
 * @param order its place among the table's hooks, lower first
 * @param method the method
 * @param call the call of the method
 * @param durable whether it is called out of a store, and so never by the transaction that commits
 */
public record BoundHook(String name, int order, HookMethod method, HookCall call, boolean durable) {

    /** Whether the transaction itself calls it when it has come to the phase. */
    boolean isCalledIn(Phase phase) {
        return method.phase() == phase && !durable;
    }

    /** The certainty that it is called. */
    public DeliveryLevel level() {
        return durable ? DeliveryLevel.DURABLE : DeliveryLevel.IN_MEMORY;
    }

    @Override
    public String toString() {
        return method.methodName() + " '" + name + "'";
    }
}
