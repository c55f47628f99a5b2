package dev.commithooks.testing;

import java.util.Arrays;
import org.jooq.DSLContext;
import org.jooq.Query;
import org.jooq.RollbackToSavepointStep;

/**
 * jOOQ's own statements for transactions, found by name: since 3.20 these methods return another type, so that tests
 * compiled against 3.19 would not find them there.
 */
public final class JooqStatements {

    private JooqStatements() {}

    public static Query startTransaction(DSLContext dsl) {
        return call(DSLContext.class, dsl, "startTransaction");
    }

    public static Query commit(DSLContext dsl) {
        return call(DSLContext.class, dsl, "commit");
    }

    public static Query savepoint(DSLContext dsl, String name) {
        return call(DSLContext.class, dsl, "savepoint", name);
    }

    public static Query releaseSavepoint(DSLContext dsl, String name) {
        return call(DSLContext.class, dsl, "releaseSavepoint", name);
    }

    public static Query rollbackToSavepoint(DSLContext dsl, String name) {
        return call(RollbackToSavepointStep.class, dsl.rollback(), "toSavepoint", name);
    }

    private static Query call(Class<?> type, Object target, String method, String... names) {
        Class<?>[] parameters = new Class<?>[names.length];
        Arrays.fill(parameters, String.class);
        try {
            return (Query) type.getMethod(method, parameters).invoke(target, (Object[]) names);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("jOOQ has no usable " + type.getSimpleName() + "." + method, e);
        }
    }
}
