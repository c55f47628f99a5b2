package dev.commithooks.engine.capture;

import java.lang.StackWalker.StackFrame;
import java.util.Set;

/**
 * The record operations that jOOQ is executing, read off the stack of calls. Dear, and asked only where listeners of somebody
 * else's are about: they may keep an operation from its statement, and run statements in between.
 */
final class RunningOperations {

    private static final Set<String> RECORDS =
            Set.of("org.jooq.impl.TableRecordImpl", "org.jooq.impl.UpdatableRecordImpl");

    /** The methods that announce the operation to record listeners and carry it out, one for each kind. */
    private static final Set<String> OPERATIONS = Set.of("storeInsert", "storeUpdate", "storeMerge", "delete");

    /** What stands on the stack between a statement's caller and here. */
    private static final Set<String> STATEMENT = Set.of(
            RunningOperations.class.getName(),
            RecordOperation.class.getName(),
            "org.jooq.impl.ExecuteListeners",
            "org.jooq.impl.AbstractQuery",
            "org.jooq.impl.AbstractRowCountQuery",
            "org.jooq.impl.AbstractDMLQuery");

    private RunningOperations() {}

    /** How many operations are at work on this thread. */
    static long onThisThread() {
        return StackWalker.getInstance()
                .walk(frames -> frames.filter(frame ->
                                RECORDS.contains(frame.getClassName()) && OPERATIONS.contains(frame.getMethodName()))
                        .count());
    }

    /** Whether the statement whose event is being heard was called by a record. */
    static boolean haveCalledTheStatement() {
        return StackWalker.getInstance()
                .walk(frames -> frames.map(StackFrame::getClassName)
                        .dropWhile(STATEMENT::contains)
                        .findFirst()
                        .filter(RECORDS::contains)
                        .isPresent());
    }
}
