package dev.commithooks.engine.capture;

import java.lang.StackWalker.StackFrame;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import org.jooq.Configuration;
import org.jooq.ExecuteContext;
import org.jooq.ExecuteListenerProvider;
import org.jooq.RecordListenerProvider;
import org.jooq.impl.DefaultExecuteListenerProvider;
import org.jooq.tools.jdbc.DefaultConnection;
import org.jooq.tools.jdbc.DefaultStatement;

/**
 * Classes and methods of jOOQ that are no API of it and that capture knows by their names, all of them. Each is pinned by a
 * test that runs on every version of jOOQ that is supported.
 */
final class JooqInternals {

    private static final String IMPLEMENTATION = "org.jooq.impl.";
    private static final String COLLECTOR = "org.jooq.impl.BatchCRUD$QueryCollector";

    private static final Set<String> RECORDS =
            Set.of("org.jooq.impl.TableRecordImpl", "org.jooq.impl.UpdatableRecordImpl");

    /** The methods that announce the operation to record listeners and carry it out, one for each kind. */
    private static final Set<String> OPERATIONS = Set.of("storeInsert", "storeUpdate", "storeMerge", "delete");

    /** The classes that stand on the stack between a statement's caller and a listener. */
    private static final Set<String> STATEMENT = Set.of(
            "org.jooq.impl.ExecuteListeners",
            "org.jooq.impl.AbstractQuery",
            "org.jooq.impl.AbstractRowCountQuery",
            "org.jooq.impl.AbstractDMLQuery");

    private static final String OURS = "dev.commithooks.engine.";

    private JooqInternals() {}

    /**
     * The number of record operations that jOOQ is executing on this thread, read off the stack of calls. Dear, and asked only
     * where listeners of somebody else's are about: they may keep an operation from its statement, and run statements in
     * between.
     */
    static long operationsOnThisThread() {
        return StackWalker.getInstance()
                .walk(frames -> frames.filter(frame ->
                                RECORDS.contains(frame.getClassName()) && OPERATIONS.contains(frame.getMethodName()))
                        .count());
    }

    /** Whether the statement whose event is being heard was called by a record. */
    static boolean haveRecordsCalledTheStatement() {
        return StackWalker.getInstance()
                .walk(frames -> frames.map(StackFrame::getClassName)
                        .dropWhile(name -> STATEMENT.contains(name) || name.startsWith(OURS))
                        .findFirst()
                        .filter(RECORDS::contains)
                        .isPresent());
    }

    /** Whether nobody else listens to records. */
    static boolean areOurs(RecordListenerProvider[] providers) {
        for (RecordListenerProvider provider : providers) {
            if (!provider.getClass().getName().startsWith(OURS)) {
                return false;
            }
        }
        return true;
    }

    /** Whether the configuration is one of {@code batchStore(...)} that collects statements. The last listener stops them. */
    static boolean isCollecting(Configuration configuration) {
        ExecuteListenerProvider[] providers = configuration.executeListenerProviders();
        return Boolean.FALSE.equals(configuration.settings().isExecuteLogging())
                && providers.length > 0
                && providers[providers.length - 1] instanceof DefaultExecuteListenerProvider provider
                && provider.provide().getClass().getName().equals(COLLECTOR);
    }

    /** The connection below jOOQ's own wrappers: closing any statement of theirs gives the connection back. */
    static Connection connectionBelow(ExecuteContext ctx) throws SQLException {
        Connection connection = ctx.connection();
        while (connection instanceof DefaultConnection wrapper
                && wrapper.getClass().getName().startsWith(IMPLEMENTATION)) {
            connection = wrapper.getDelegate();
        }
        if (connection == null) {
            throw new SQLException("The statement has no connection");
        }
        return connection;
    }

    /** The statement below jOOQ's own wrappers, which can be closed without giving its connection back. */
    static Statement statementBelow(Statement statement) throws SQLException {
        Statement below = statement;
        while (below instanceof DefaultStatement wrapper
                && wrapper.getClass().getName().startsWith(IMPLEMENTATION)) {
            below = wrapper.getDelegate();
        }
        return below;
    }

    /**
     * Whether a statement that is like a record's own is surely that one: where other listeners of records are about, it may be
     * another's.
     */
    static boolean isCalledByTheRecord(Configuration configuration) {
        return areOurs(configuration.recordListenerProviders()) || haveRecordsCalledTheStatement();
    }
}
