package dev.commithooks.testing;

import dev.commithooks.engine.sql.Lexis;
import dev.commithooks.spi.ConnectionState.State;
import dev.commithooks.testing.Faults.Failure;
import dev.commithooks.testing.Finding.Kind;
import dev.commithooks.transaction.Outcome;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What comes before and after each statement in a virtual transaction. Used by the thread whose turn it is. */
final class Statements {

    private static final String UNSUPPORTED = "0A000";
    private static final Pattern ACCESS_MODE = Pattern.compile("\\bread\\s+(only|write)\\b", Pattern.CASE_INSENSITIVE);

    private final RolledBackDatabase database;
    private final Nesting nesting;
    private final Deque<VirtualTransaction> stack;
    private @Nullable Integer isolation;

    Statements(RolledBackDatabase database, Nesting nesting, Deque<VirtualTransaction> stack) {
        this.database = database;
        this.nesting = nesting;
        this.stack = stack;
    }

    /** The connection's open transaction, or one begun now. */
    VirtualTransaction current(VirtualConnection connection) throws SQLException {
        VirtualTransaction open = connection.transaction();
        if (open == null) {
            return begin(connection, connection.isAutoCommit());
        }
        requireTop(open, "go on");
        return open;
    }

    VirtualTransaction begin(VirtualConnection connection, boolean ofOneStatement) throws SQLException {
        if (nesting.isBegun() && nesting.session().hasEscaped()) {
            escaped("something that went past the virtual connections");
        }
        VirtualTransaction begun = nesting.begin(connection, ofOneStatement);
        Integer asked = connection.isolationAskedFor();
        if (asked != null) {
            accept(begun, asked);
        }
        return begun;
    }

    void requireTop(VirtualTransaction open, String what) throws SQLException {
        VirtualTransaction top = stack.peek();
        if (top != open && top != null) {
            throw new SQLException(
                    open + ", cannot " + what + " before " + top + ", has ended, which began within it: in a"
                            + " rolled-back test they nest. Nothing was sent.",
                    UNSUPPORTED);
        }
    }

    /** Transaction modes in a text: BEGIN's or SET TRANSACTION's. That it is deferrable, a savepoint cannot be told. */
    void modes(VirtualTransaction open, String sql) throws SQLException {
        Integer asked = Isolation.in(sql).orElse(null);
        if (asked != null) {
            accept(open, asked);
        }
        Matcher access = ACCESS_MODE.matcher(sql);
        if (access.find()) {
            OuterDialect dialect = nesting.session().dialect();
            nesting.send(dialect.accessMode(access.group(1).toLowerCase(Locale.ROOT)));
        }
    }

    private void accept(VirtualTransaction open, int asked) throws SQLException {
        if (Isolation.same(asked, isolation())) {
            return;
        }
        String differs =
                open + ", asks for " + Isolation.sql(asked) + ", and the outer one is " + Isolation.sql(isolation());
        if (database.options().verdictOn(Kind.OTHER_ISOLATION) != Verdict.FAIL) {
            open.test().found(Kind.OTHER_ISOLATION, differs);
            return;
        }
        nesting.rollback(open);
        throw new SQLException(
                differs
                        + ". Nothing was sent. Choose RolledBackOptions.isolation(..) for the tests that need it, or let"
                        + " them work on the outer one's: on(OTHER_ISOLATION, REPORT).",
                UNSUPPORTED);
    }

    int isolation() throws SQLException {
        Integer known = isolation;
        if (known == null) {
            known = nesting.session().isolation();
            isolation = known;
        }
        return known;
    }

    /** What a statement needs before it is sent: a fault in its place, its local settings noted. */
    void before(VirtualTransaction open, String sql) throws SQLException {
        open.test().isUsed();
        cutIfOrdered(open);
        Failure failure = open.test().faults().takeFailure(sql).orElse(null);
        if (failure != null) {
            raise(open, failure);
        }
        OuterDialect dialect = nesting.session().dialect();
        dialect.refuse(sql);
        if (dialect.hasLocalSettings() && LocalSettings.isPossible(sql) && !open.isAborted()) {
            Map<String, @Nullable String> known = open.localSettings();
            for (String name : LocalSettings.in(sql)) {
                if (!known.containsKey(name)) {
                    known.put(name, nesting.session().setting(name));
                }
            }
        }
    }

    private void raise(VirtualTransaction open, Failure failure) throws SQLException {
        try {
            nesting.session().raise(failure.sqlState(), "ordered by " + failure);
        } catch (SQLException error) {
            if (Faults.endsConnection(failure.sqlState())) {
                cut(open);
            }
            throw error;
        }
    }

    void cutIfOrdered(VirtualTransaction open) throws SQLException {
        if (open.test().faults().takeCut()) {
            throw cut(open);
        }
    }

    /** The connection of a transaction is lost, and the transaction with it. */
    SQLException cut(VirtualTransaction open) throws SQLException {
        State state = open.state();
        nesting.rollback(open);
        return open.connection().cut(state, Outcome.ROLLED_BACK);
    }

    void after(VirtualTransaction open, String sql) throws SQLException {
        if (nesting.session().hasEscaped()) {
            escaped(sql);
            throw new SQLException("This statement has ended the outer transaction of the test: " + sql
                    + ". What the test had written IS COMMITTED or rolled back for good. Such a test needs a database"
                    + " of its own.");
        }
        Lexis lexis = nesting.session().dialect().database().lexis();
        if (SqlText.mayWrite(sql, lexis)) {
            open.hasWritten();
        }
        if (SqlText.mayChangeSchema(sql, lexis)) {
            nesting.haveConstraintsChanged();
        }
    }

    /** A statement has thrown: rolls back what is one statement's, and sees what has become of the others. */
    void failed(VirtualTransaction open, Throwable failure) {
        if (!nesting.isOpen(open)) {
            return;
        }
        try {
            if (nesting.connection().isClosed()) {
                lost();
            } else if (nesting.session().hasEscaped()) {
                escaped(String.valueOf(failure));
            } else if (open.isOfOneStatement()) {
                nesting.rollback(open);
            } else {
                look(open);
            }
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
    }

    /** Asks the driver whether the transaction is still good. */
    void look(VirtualTransaction open) throws SQLException {
        open.isAborted(nesting.session().isAborted());
    }

    private void escaped(String by) {
        TestTransaction test = database.current();
        if (test != null) {
            test.found(Kind.REAL_COMMIT, "the outer transaction was ended by: " + by);
        }
        nesting.forget();
    }

    private void lost() throws SQLException {
        for (VirtualTransaction open : new ArrayDeque<>(stack)) {
            open.test().found(Kind.LOST_CONNECTION, "the real connection was lost in " + open);
            open.connection().cut(open.state(), Outcome.ROLLED_BACK);
        }
        nesting.reopen();
    }
}
