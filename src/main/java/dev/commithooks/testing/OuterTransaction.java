package dev.commithooks.testing;

import dev.commithooks.engine.sql.TransactionControl;
import dev.commithooks.testing.Finding.Kind;
import dev.commithooks.testing.FrozenCall.End;
import dev.commithooks.transaction.Outcome;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The outer transaction of a test, and the stack of virtual ones in it.
 *
 * <p>While none is open, a savepoint stands ready for the next, so that beginning costs nothing: a statement in autocommit mode
 * that fails, or a transaction that is rolled back, is rolled back to it; a commit releases it and sets it anew in the same round
 * trip. A transaction within a transaction, on another connection, sets its own savepoint when it begins.
 */
final class OuterTransaction implements Ground {

    private static final String UNSUPPORTED = "0A000";

    private final RolledBackDatabase database;
    private final Deque<VirtualTransaction> stack = new ArrayDeque<>();
    private final Turn turn;
    private final Nesting nesting;
    private final Statements statements;
    private final ApplicationSavepoints savepoints;

    OuterTransaction(RolledBackDatabase database) {
        this.database = database;
        this.turn = new Turn(database.options().patience(), stack::peek);
        this.nesting = new Nesting(database, stack);
        this.statements = new Statements(database, nesting, stack);
        this.savepoints = new ApplicationSavepoints(nesting, statements);
    }

    @Override
    public Connection real(VirtualConnection connection) throws SQLException {
        RealSession open = nesting.opened();
        return open != null ? open.connection() : turn.take(connection, nesting::connection);
    }

    /** Somebody has the driver's own connection: what was written by no statement of ours is not to be lost. */
    void unwrapped() {
        nesting.isUnwrapped();
    }

    @Override
    public List<SqlText.Piece> script(String sql) {
        RealSession open = nesting.opened(); // open, since whoever has a statement got it from there
        return open == null ? List.of() : SqlText.of(sql, open.dialect().database());
    }

    @Override
    public void control(VirtualConnection connection, SqlText.Piece piece) throws SQLException {
        TransactionControl control = piece.control();
        if (control == null) {
            if (!connection.isAutoCommit() || connection.transaction() != null) {
                turn.take(connection, () -> setModes(statements.current(connection), piece));
            }
            return;
        }
        switch (control.kind()) {
            case BEGIN -> turn.take(connection, () -> begin(connection, piece));
            case BEGIN_ANEW ->
                turn.take(connection, () -> {
                    commitNow(connection);
                    return begin(connection, piece);
                });
            case IMPLICIT_COMMIT -> throw wouldCommit(piece);
            case COMMIT -> {
                turn.take(connection, () -> {
                    commitNow(connection);
                    return chain(connection, piece);
                });
                connection.running().awaitCommit();
            }
            case ROLLBACK ->
                turn.take(connection, () -> {
                    rollbackNow(connection);
                    return chain(connection, piece);
                });
            case PREPARE -> throw wouldPrepare();
            case SAVEPOINT, RELEASE, ROLLBACK_TO ->
                turn.take(connection, () -> savepoints.control(connection, piece.sql(), control));
            case UNCLEAR, UNCLEAR_SAVEPOINTS ->
                throw new IllegalStateException(control + " is said of a text that has failed, not of a statement");
        }
    }

    private static SQLException wouldCommit(SqlText.Piece piece) {
        return new SQLException(
                "This statement would commit the outer transaction of the test, as the database does with its"
                        + " like: " + piece.sql() + ". Nothing was sent. Let the schema be made before the test"
                        + " begins.",
                UNSUPPORTED);
    }

    private static SQLException wouldPrepare() {
        return new SQLException(
                "PREPARE TRANSACTION would take the test's outer transaction with it. Nothing was sent. Tests of"
                        + " two-phase commits need a database of their own.",
                UNSUPPORTED);
    }

    private @Nullable Void begin(VirtualConnection connection, SqlText.Piece piece) throws SQLException {
        VirtualTransaction open = connection.transaction();
        if (open != null) {
            nesting.session().dialect().beginWithin();
        }
        return setModes(open == null ? statements.begin(connection, false) : open, piece);
    }

    private @Nullable Void setModes(VirtualTransaction open, SqlText.Piece piece) throws SQLException {
        open.test().isUsed();
        try {
            statements.modes(open, piece.sql());
        } catch (SQLException e) {
            statements.failed(open, e);
            throw e;
        }
        return null;
    }

    private @Nullable Void chain(VirtualConnection connection, SqlText.Piece piece) throws SQLException {
        if (piece.says("chain") && !piece.says("no")) {
            statements.begin(connection, false);
        }
        return null;
    }

    @Override
    public <T extends @Nullable Object> T execute(VirtualConnection connection, String sql, Call<T> call)
            throws SQLException {
        End end = standStill(connection, sql);
        return turn.take(connection, () -> {
            VirtualTransaction open = statements.current(connection);
            T result;
            try {
                if (end == End.CANCELLED) {
                    nesting.session().cancelled();
                }
                statements.before(open, sql);
                result = call.run();
                statements.after(open, sql);
            } catch (SQLException | RuntimeException | Error e) {
                statements.failed(open, e);
                throw e;
            }
            if (open.isOfOneStatement()) {
                nesting.commit(open);
            }
            return result;
        });
    }

    /** Waits at a statement that the test has frozen. */
    private End standStill(VirtualConnection connection, String sql) throws SQLException {
        TestTransaction test = database.current();
        if (test == null) {
            return End.RELEASED;
        }
        FrozenCall frozen = test.faults().takeFreeze(sql).orElse(null);
        if (frozen == null) {
            return End.RELEASED;
        }
        test.isUsed();
        End end = connection.running().awaitStatement(frozen);
        if (end == End.LOST) {
            throw lost(connection);
        }
        return end;
    }

    private SQLException lost(VirtualConnection connection) throws SQLException {
        VirtualTransaction begun = connection.transaction();
        if (begun == null) {
            return connection.cut(connection.transactionState(), Outcome.ROLLED_BACK);
        }
        return turn.take(connection, () -> statements.cut(begun));
    }

    @Override
    public void commit(VirtualConnection connection) throws SQLException {
        if (connection.transaction() != null) {
            turn.take(connection, () -> commitNow(connection));
        }
    }

    private @Nullable Void commitNow(VirtualConnection connection) throws SQLException {
        VirtualTransaction open = connection.transaction();
        if (open != null) {
            statements.requireTop(open, "be committed");
            statements.cutIfOrdered(open);
            nesting.commit(open);
        }
        return null;
    }

    @Override
    public void rollback(VirtualConnection connection) throws SQLException {
        if (connection.transaction() != null) {
            turn.take(connection, () -> rollbackNow(connection));
        }
    }

    private @Nullable Void rollbackNow(VirtualConnection connection) throws SQLException {
        VirtualTransaction open = connection.transaction();
        if (open != null) {
            statements.requireTop(open, "be rolled back");
            nesting.rollback(open);
        }
        return null;
    }

    @Override
    public Savepoint setSavepoint(VirtualConnection connection, @Nullable String name) throws SQLException {
        return turn.take(connection, () -> savepoints.set(connection, name));
    }

    @Override
    public void release(VirtualConnection connection, Savepoint savepoint) throws SQLException {
        turn.take(connection, () -> savepoints.release(connection, savepoint));
    }

    @Override
    public void rollbackTo(VirtualConnection connection, Savepoint savepoint) throws SQLException {
        turn.take(connection, () -> savepoints.rollbackTo(connection, savepoint));
    }

    @Override
    public int isolation(VirtualConnection connection) throws SQLException {
        return turn.take(connection, statements::isolation);
    }

    @Override
    public void closed(VirtualConnection connection) throws SQLException {
        turn.take(connection, () -> {
            VirtualTransaction open = connection.transaction();
            if (open != null) {
                nesting.abandon(open);
            }
            return null;
        });
    }

    /** Ends a test. A statement that is still running is cancelled, or ended with the connection. */
    void end(TestTransaction test) {
        Duration patience = database.options().patience();
        if (turn.seize(patience, () -> endNow(test))) {
            return;
        }
        test.found(Kind.RUNNING_STATEMENT, "a statement was still running, of " + turn.trace());
        try {
            cancel();
            if (!turn.seize(patience, () -> endNow(test))) {
                RealSession open = nesting.opened();
                if (open != null) {
                    open.connection().abort(Runnable::run);
                }
                turn.seize(patience, () -> endNow(test));
            }
        } catch (SQLException e) {
            throw new IllegalStateException("The connection of a test that has ended could not be given up", e);
        }
    }

    private void cancel() throws SQLException {
        VirtualConnection working = turn.working();
        if (working != null) {
            working.running().cancel();
        }
    }

    private void endNow(TestTransaction test) {
        try {
            nesting.end(test);
        } catch (SQLException e) {
            throw new IllegalStateException(
                    "The end of test '" + test.name() + "' could not be sent; the server rolls back what it has written"
                            + " when the connection is gone",
                    e);
        }
    }
}
