package dev.commithooks.engine.registry;

/**
 * One method of one hook, bound to a table.
 *
 * @param name the hook's name, for messages
 * @param order its place among the table's hooks, lower first
 * @param method the method
 * @param call how to call it
 */
public record BoundHook(String name, int order, HookMethod method, HookCall call) {

    @Override
    public String toString() {
        return method.methodName() + " '" + name + "'";
    }
}
