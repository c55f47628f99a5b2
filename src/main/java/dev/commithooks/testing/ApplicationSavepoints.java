package dev.commithooks.testing;

import dev.commithooks.engine.connection.SavepointName;
import dev.commithooks.engine.dialect.Dialect;
import dev.commithooks.engine.sql.TransactionControl;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import org.jspecify.annotations.Nullable;

/** The application's own savepoints, by SQL and by JDBC, in its virtual transactions. Used by the thread whose turn it is. */
final class ApplicationSavepoints {

    private static final String UNKNOWN_SAVEPOINT = "3B001";
    private static final String NO_TRANSACTION = "25P01";

    private final Nesting nesting;
    private final Statements statements;

    ApplicationSavepoints(Nesting nesting, Statements statements) {
        this.nesting = nesting;
        this.statements = statements;
    }

    private interface Send {
        void run() throws SQLException;
    }

    /** Does what a statement says: SAVEPOINT, RELEASE or ROLLBACK TO. */
    @Nullable
    Void control(VirtualConnection connection, String sql, TransactionControl control) throws SQLException {
        if (connection.isAutoCommit() && connection.transaction() == null) {
            throw new SQLException(
                    "ERROR: " + verb(control) + " can only be used in transaction blocks", NO_TRANSACTION);
        }
        String told = String.valueOf(control.savepoint());
        String name = database().savepointName(told, nesting.connection());
        VirtualTransaction open = statements.current(connection);
        try {
            switch (control.kind()) {
                case RELEASE -> release(open, name, () -> nesting.send(sql));
                case ROLLBACK_TO -> rollbackTo(open, name, () -> nesting.send(sql));
                default -> {
                    nesting.send(sql);
                    set(open, name);
                }
            }
        } finally {
            statements.look(open);
        }
        return null;
    }

    private static String verb(TransactionControl control) {
        return switch (control.kind()) {
            case RELEASE -> "RELEASE SAVEPOINT";
            case ROLLBACK_TO -> "ROLLBACK TO SAVEPOINT";
            default -> "SAVEPOINT";
        };
    }

    Savepoint set(VirtualConnection connection, @Nullable String name) throws SQLException {
        VirtualTransaction open = statements.current(connection);
        Connection real = nesting.connection();
        try {
            Savepoint set = name == null ? real.setSavepoint() : real.setSavepoint(name);
            Object key = SavepointName.of(set, database(), real);
            VirtualSavepoint savepoint = new VirtualSavepoint(open, set, key);
            set(open, savepoint.key());
            return savepoint;
        } finally {
            statements.look(open);
        }
    }

    private Dialect database() throws SQLException {
        return nesting.session().dialect().database();
    }

    private void set(VirtualTransaction open, Object key) throws SQLException {
        if (database().replacesSavepoints()) {
            open.savepointReplaced(key);
        }
        open.savepointSet(key);
    }

    @Nullable
    Void release(VirtualConnection connection, Savepoint savepoint) throws SQLException {
        VirtualSavepoint own = own(connection, savepoint);
        release(own.of(), own.key(), () -> nesting.connection().releaseSavepoint(own.real()));
        return null;
    }

    @Nullable
    Void rollbackTo(VirtualConnection connection, Savepoint savepoint) throws SQLException {
        VirtualSavepoint own = own(connection, savepoint);
        rollbackTo(own.of(), own.key(), () -> nesting.connection().rollback(own.real()));
        return null;
    }

    /** One of a transaction that has ended names nothing any more, and sent it would abort what is none of its business. */
    private static VirtualSavepoint own(VirtualConnection connection, Savepoint savepoint) throws SQLException {
        if (savepoint instanceof VirtualSavepoint virtual && virtual.of() == connection.transaction()) {
            return virtual;
        }
        throw new SQLException("The savepoint is of a transaction that has ended. Nothing was sent.", NO_TRANSACTION);
    }

    private void release(VirtualTransaction open, Object key, Send send) throws SQLException {
        requireSavepoint(open, key);
        send.run();
        if (database().releasesSavepoints()) {
            open.savepointReleased(key);
        }
        statements.look(open);
    }

    private void rollbackTo(VirtualTransaction open, Object key, Send send) throws SQLException {
        requireSavepoint(open, key);
        send.run();
        nesting.undone(open, open.rolledBackTo(key));
        statements.look(open);
    }

    /** The same name may be that of a savepoint around this transaction. */
    private void requireSavepoint(VirtualTransaction open, Object key) throws SQLException {
        statements.requireTop(open, "go on");
        if (!open.hasSavepoint(key)) {
            try {
                nesting.session().raise(UNKNOWN_SAVEPOINT, "savepoint \"" + key + "\" does not exist");
            } finally {
                statements.look(open);
            }
        }
    }
}
