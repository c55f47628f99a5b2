package dev.commithooks.hook;

/**
 * One method of a hook as a lambda.
 *
 * @param <C> the change, or a table's changes
 */
@FunctionalInterface
public interface HookLambda<C> {

    /** Runs as the method it stands for does. */
    void run(C change, HookContext ctx) throws Exception;
}
