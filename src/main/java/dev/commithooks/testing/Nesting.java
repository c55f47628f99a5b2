package dev.commithooks.testing;

import dev.commithooks.testing.Faults.AtCommit;
import dev.commithooks.testing.Faults.Freeze;
import dev.commithooks.testing.Faults.LostAnswer;
import dev.commithooks.testing.Faults.Refusal;
import dev.commithooks.testing.Finding.Kind;
import dev.commithooks.transaction.IsolationLevel;
import dev.commithooks.transaction.Outcome;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Virtual transactions on the real session: how they begin and how they end. Used by the thread whose turn it is. */
final class Nesting {

    private final RolledBackDatabase database;
    private final Deque<VirtualTransaction> stack;
    private final Levels levels = new Levels();
    private volatile @Nullable RealSession session;
    private volatile boolean unwrapped;
    private boolean ended;
    private final ConstraintChecks constraints;
    /** Whether something was committed after the savepoint that stands ready was set. */
    private boolean readyIsOld;

    Nesting(RolledBackDatabase database, Deque<VirtualTransaction> stack) {
        this.database = database;
        this.stack = stack;
        this.constraints = new ConstraintChecks(database);
    }

    /** The real session; null before the first statement. */
    @Nullable
    RealSession opened() {
        return session;
    }

    /** The real session, opened now if it has not been; whoever has waited for the turn until the test was over gets none. */
    RealSession session() throws SQLException {
        RealSession open = session;
        if (ended) {
            throw hasEnded();
        }
        if (open == null) {
            open = RealSession.open(database);
            session = open;
        }
        return open;
    }

    Connection connection() throws SQLException {
        return session().connection();
    }

    void send(String sql) throws SQLException {
        session().send(sql);
    }

    /** Somebody may write on the real connection unseen. */
    void isUnwrapped() {
        unwrapped = true;
    }

    void haveConstraintsChanged() {
        constraints.haveChanged();
    }

    /** Whether the outer transaction has begun, as far as anybody here knows. */
    boolean isBegun() {
        return levels.isBegun();
    }

    boolean isOpen(VirtualTransaction transaction) {
        return stack.contains(transaction);
    }

    VirtualTransaction begin(VirtualConnection connection, boolean ofOneStatement) throws SQLException {
        TestTransaction test = running();
        VirtualTransaction around = stack.peek();
        String message = around == null ? begin(test) : within(test, connection, around);
        if (connection.isReadOnly()) {
            message += session().dialect().accessMode("only");
        }
        if (!message.isEmpty()) {
            send(message);
        }
        if (around == null) {
            levels.begun(test);
            readyIsOld = false;
        }
        VirtualTransaction begun = new VirtualTransaction(connection, test, stack.size(), ofOneStatement);
        stack.push(begun);
        connection.transaction(begun);
        return begun;
    }

    private String begin(TestTransaction test) throws SQLException {
        IsolationLevel level = database.options().isolation().orElse(null);
        String modes = levels.isBegun() || level == null ? "" : session().isolated(level);
        return modes + levels.begin(test, unwrapped || readyIsOld);
    }

    private String within(TestTransaction test, VirtualConnection connection, VirtualTransaction around)
            throws SQLException {
        if (around.isAborted()) {
            throw new SQLException(
                    connection + " cannot be served: a statement of " + around + ", has failed, and the server takes"
                            + " nothing before that is rolled back. Nothing was sent. Roll it back first; outside of"
                            + " tests this connection would have worked.",
                    OuterDialect.UNSUPPORTED);
        }
        if (stack.stream().anyMatch(VirtualTransaction::wrote)) {
            test.found(
                    Kind.UNCOMMITTED_ROWS,
                    connection + " worked while " + around + ", was open and had written: it could see rows that really"
                            + " it cannot");
        }
        return "savepoint " + VirtualTransaction.savepoint(stack.size()) + "; ";
    }

    private TestTransaction running() throws SQLException {
        TestTransaction test = database.current();
        if (test == null || ended) {
            throw hasEnded();
        }
        return test;
    }

    private static SQLException hasEnded() {
        return new SQLException("The test has ended. Nothing was sent.", OuterDialect.UNSUPPORTED);
    }

    /** Commits as the server would: an aborted one is rolled back without a word, deferred constraints are checked. */
    void commit(VirtualTransaction open) throws SQLException {
        AtCommit fault = open.isAborted() || open.isOfOneStatement()
                ? null
                : open.test().faults().takeForCommit().orElse(null);
        if (open.isAborted()) {
            rollback(open);
        } else if (fault instanceof LostAnswer lost) {
            throw commitUnheard(open, lost.outcome());
        } else {
            try {
                if (fault instanceof Refusal refusal) {
                    session().raise(refusal.sqlState(), "ordered by " + refusal);
                }
                release(open);
                if (fault instanceof Freeze freeze) {
                    open.connection().running().freeze(freeze.call());
                }
            } catch (SQLException refused) {
                refused(open, refused);
                throw refused;
            }
        }
    }

    private void refused(VirtualTransaction open, SQLException refused) throws SQLException {
        if (Faults.endsConnection(refused.getSQLState())) {
            rollback(open);
            open.connection().cut(open.state(), Outcome.ROLLED_BACK);
        } else if (!session().dialect().leavesOpen(open)) {
            rollback(open);
        }
    }

    private SQLException commitUnheard(VirtualTransaction open, Outcome wanted) throws SQLException {
        Outcome outcome = wanted;
        if (wanted == Outcome.COMMITTED) {
            try {
                release(open);
            } catch (SQLException refused) {
                outcome = Outcome.ROLLED_BACK;
            }
        }
        if (outcome == Outcome.ROLLED_BACK) {
            rollback(open);
        }
        return open.connection().cut(open.state(), outcome);
    }

    private void release(VirtualTransaction open) throws SQLException {
        closeCursors(open);
        String savepoint = open.savepoint();
        boolean within = stack.size() > 1;
        String check = within ? "" : constraints.check(open.test(), session());
        if (open.isOfOneStatement() && session().dialect().releasesLater()) {
            readyIsOld |= !within;
        } else {
            send(check
                    + LocalSettings.restoring(open.localSettings())
                    + "release savepoint " + savepoint
                    + (within ? "" : "; savepoint " + savepoint));
        }
        ended(open);
        if (open.wrote()) {
            open.test().committed();
        }
        VirtualTransaction around = stack.peek();
        if (around != null) {
            around.committedWithin(open);
        }
    }

    void rollback(VirtualTransaction open) throws SQLException {
        closeCursors(open);
        String savepoint = open.savepoint();
        send("rollback to savepoint " + savepoint + (stack.size() > 1 ? "; release savepoint " + savepoint : ""));
        ended(open);
        undone(open, open.committedWithin());
    }

    /** Rolls back what was begun within it too. */
    void abandon(VirtualTransaction open) throws SQLException {
        while (isOpen(open)) {
            rollback(stack.element());
        }
    }

    void undone(VirtualTransaction by, List<String> commits) {
        for (String commit : commits) {
            by.test()
                    .found(
                            Kind.UNDONE_COMMIT,
                            commit + ", had been committed while " + by + ", was open, and was undone by its rollback:"
                                    + " really it would have stayed");
        }
    }

    private void ended(VirtualTransaction open) {
        stack.remove(open);
        open.connection().transaction(null);
    }

    private static void closeCursors(VirtualTransaction open) {
        if (open.closeCursors() > 0) {
            open.test().found(Kind.OPEN_CURSOR, open + ", ended with an open cursor: the server would have closed it");
        }
    }

    /** The outer transaction has ended by whatever means. */
    void forget() {
        stack.forEach(open -> open.connection().transaction(null));
        stack.clear();
        levels.forget();
    }

    /** The real connection is lost. */
    void reopen() throws SQLException {
        forget();
        session().close();
        session = null;
    }

    /** Rolls back what a test has written; with the outermost one ends the outer transaction. */
    void end(TestTransaction test) throws SQLException {
        cutWhatIsOpen();
        ended = test.around() == null;
        RealSession open = session;
        if (open == null || open.connection().isClosed()) {
            return;
        }
        if (test.around() != null) {
            String message = levels.end(test);
            if (!message.isEmpty()) {
                send(message);
            }
            return;
        }
        endOuter(test, open);
    }

    /** Whoever commits later is not to hear that it is done. */
    private void cutWhatIsOpen() {
        for (VirtualTransaction open : stack) {
            open.test().found(Kind.OPEN_TRANSACTION, open + ", was still open at the end of the test");
            open.connection().cut(open.state(), Outcome.ROLLED_BACK);
            open.connection().transaction(null);
        }
        stack.clear();
    }

    private void endOuter(TestTransaction test, RealSession open) throws SQLException {
        try (open) {
            if (levels.isBegun() && open.dialect().hasEscaped(open.connection(), VirtualTransaction.savepoint(0))) {
                test.found(Kind.REAL_COMMIT, "the outer transaction was ended by something that nobody saw");
            }
            long locks = open.end();
            if (locks > 0) {
                test.found(Kind.ADVISORY_LOCK, locks + " advisory lock(s) of the session were not released");
            }
        } finally {
            session = null;
            levels.forget();
        }
    }
}
