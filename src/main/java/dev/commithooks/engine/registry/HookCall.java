package dev.commithooks.engine.registry;

import dev.commithooks.hook.HookContext;

/** A hook's method, ready to be called with a change or a table's changes. */
@FunctionalInterface
public interface HookCall {

    /** Calls it. */
    void call(Object payload, HookContext ctx) throws Exception;
}
