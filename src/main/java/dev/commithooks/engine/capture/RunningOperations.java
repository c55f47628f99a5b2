package dev.commithooks.engine.capture;

import java.util.Set;

/**
 * How many record operations jOOQ is executing, read off the stack of calls. Dear, and asked only where one operation starts
 * while another seems to be at work.
 */
final class RunningOperations {

    private static final Set<String> CLASSES =
            Set.of("org.jooq.impl.TableRecordImpl", "org.jooq.impl.UpdatableRecordImpl");

    /** The methods that announce the operation to record listeners and carry it out, one for each kind. */
    private static final Set<String> METHODS = Set.of("storeInsert", "storeUpdate", "storeMerge", "delete");

    private RunningOperations() {}

    static long onThisThread() {
        return StackWalker.getInstance()
                .walk(frames -> frames.filter(RunningOperations::isOperation).count());
    }

    private static boolean isOperation(StackWalker.StackFrame frame) {
        return METHODS.contains(frame.getMethodName()) && CLASSES.contains(frame.getClassName());
    }
}
