package dev.commithooks.jta;

import dev.commithooks.spi.Boundary;
import dev.commithooks.spi.OutcomeResolver.Inquiry;
import dev.commithooks.spi.OwnedTransaction;
import dev.commithooks.transaction.FailureStage;
import dev.commithooks.transaction.Outcome;
import dev.commithooks.transaction.TransactionAbortedException;
import dev.commithooks.transaction.TransactionInfo;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jooq.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * One database's part in one JTA transaction: what hooks know as the transaction. Its boundary is opened by the first statement, or
 * question, that concerns hooks. Used on the threads that work in the transaction, one after the other.
 */
final class DatabasePart implements OwnedTransaction {

    /** PostgreSQL's answer to any statement in an aborted transaction. */
    static final String IN_FAILED_SQL_TRANSACTION = "25P02";

    private final JtaTransaction transaction;
    private final JtaDatabase database;
    /** The branches that its connections were enlisted with; empty where they share those of others on the same pool. */
    private final Set<Branch> branches = new LinkedHashSet<>();

    private boolean isConnected;
    private @Nullable Boundary boundary;
    private @Nullable Inquiry inquiry;

    DatabasePart(JtaTransaction transaction, JtaDatabase database) {
        this.transaction = transaction;
        this.database = database;
    }

    JtaDatabase database() {
        return database;
    }

    // ---------------------------------------------------------------- its connection

    /** A connection of the database in the transaction; refused where it does not take part in that. */
    Connection connect() throws SQLException {
        Connection connection = transaction.branches().whileEnlisting(this, database::open);
        boolean isAccepted = false;
        try {
            boolean isFirst;
            synchronized (this) {
                if (!isConnected && branches.isEmpty()) {
                    refuseOutside(connection);
                }
                isFirst = !isConnected;
                isConnected = true;
            }
            if (transaction.branches().areSeveral()) {
                for (DatabasePart part : isFirst ? transaction.parts() : List.of(this)) {
                    part.mustPrepare();
                }
            }
            isAccepted = true;
            return new JtaConnection(connection, this);
        } finally {
            if (!isAccepted) {
                connection.close();
            }
        }
    }

    /** Refuses where the server would not prepare its branches. */
    void mustPrepare() throws SQLException {
        if (!isToBePrepared() || database.isKnownToPrepare()) {
            return;
        }
        try (Connection connection = database.open()) {
            database.mustPrepare(connection);
        } catch (SQLException failure) {
            if (!IN_FAILED_SQL_TRANSACTION.equals(failure.getSQLState())) { // of that the end will speak
                throw failure;
            }
        }
    }

    private synchronized boolean isToBePrepared() {
        return branches.stream().anyMatch(branch -> !branch.isLocal());
    }

    synchronized void enlisted(Branch branch) {
        branches.add(branch);
        branch.in(database.name());
    }

    synchronized void notEnlisted(Branch branch) {
        branches.remove(branch);
    }

    /**
     * Whether the pool hands out the same connection all over the transaction, which somebody else has caused to be enlisted
     * before. A pool that knows nothing of JTA hands out another one each time.
     */
    private boolean isShared(Connection connection) throws SQLException {
        if (transaction.branches().all().isEmpty()) {
            return false;
        }
        for (DatabasePart other : transaction.parts()) {
            if (other != this && other.isConnected() && other.isOn(connection)) {
                throw new IllegalStateException("The data source of database '" + database.name()
                        + "' handed out the very connection that database '" + other.database.name()
                        + "' has in the JTA transaction of this thread: hooks of the one would not hear of savepoints of"
                        + " the other; nothing was sent. Give jta.connections(..) the same data source for both.");
            }
        }
        return isOn(connection);
    }

    private boolean isOn(Connection connection) throws SQLException {
        try (Connection second = database.open()) {
            return JtaConnection.physical(second) == JtaConnection.physical(connection);
        }
    }

    private synchronized boolean isConnected() {
        return isConnected;
    }

    /** Agroal hands out a connection that the manager has not taken when it is asked again, as if that took part. */
    private void refuseOutside(Connection connection) throws SQLException {
        if (transaction.branches().areWithoutOne()) {
            throw new SQLException("the transaction manager did not take one into " + transaction
                    + ". Nothing was sent. Roll it back.");
        }
        if (!isShared(connection)) {
            throw new IllegalStateException("The data source of database '" + database.name()
                    + "' handed out a connection that takes no part in the JTA transaction of this thread: it would commit"
                    + " by itself, or never, and hooks could not tell how it ends; nothing was sent. Give the pool the"
                    + " transaction manager that JtaTransactions.manager() returns (Agroal: transactionIntegration(new"
                    + " NarayanaTransactionIntegration(jta.manager(), jta.registry()))), and an XA data source; or use the data"
                    + " source with a DSLContext that is not in JTA transactions.");
        }
    }

    // ---------------------------------------------------------------- before the end

    /** The boundary, opened now unless it is open, if one is to be. */
    @Nullable
    synchronized Boundary boundary(Function<OwnedTransaction, @Nullable Boundary> opening) {
        if (boundary == null) {
            boundary = opening.apply(this);
        }
        return boundary;
    }

    @Override
    public boolean isEnding() {
        return transaction.isPrepared();
    }

    /** The boundary; null where nothing concerned hooks. */
    synchronized @Nullable Boundary boundaryOrNull() {
        return boundary;
    }

    /** Runs its before hooks, once. */
    void runBeforeHooks() {
        Boundary its = boundaryOrNull();
        if (its != null) {
            its.runBeforeHooks();
        }
    }

    /**
     * Lets it be committed, unless an error that somebody swallowed has aborted it: PREPARE is answered with a rollback then, and
     * the driver reports success.
     */
    void seal() throws SQLException {
        Boundary its = boundaryOrNull();
        if (its == null) {
            if (isConnected) {
                refuseIfAborted();
            }
            return;
        }
        its.aboutToCommit();
        if (database.resolver() != null && its.hasSomethingToTell()) {
            try (Connection connection = database.open()) {
                inquiry = database.resolver().prepare(connection);
            }
        }
    }

    /** Asks the server: jOOQ without hooks has used the connection. */
    private void refuseIfAborted() throws SQLException {
        try (Connection connection = database.open();
                Statement statement = connection.createStatement()) {
            statement.execute("select 1");
        } catch (SQLException failure) {
            if (IN_FAILED_SQL_TRANSACTION.equals(failure.getSQLState())) {
                throw new TransactionAbortedException(
                        "JTA transaction " + transaction.title()
                                + " IS rolled back: an error of a statement in database '"
                                + database.name() + "' had aborted it and was swallowed. Let the exception out of the"
                                + " transaction, or run what may fail in a nested transaction of its own.",
                        null);
            }
            throw failure;
        }
    }

    /** It is rolled back since another database cannot be committed. */
    void endsAt(FailureStage stage) {
        Boundary its = boundaryOrNull();
        if (its != null) {
            its.endsAt(stage);
        }
    }

    // ---------------------------------------------------------------- the end

    /** The outcome, as its branches saw it, or those of others on the same connection; where they do not know, whoever can tell. */
    Outcome outcome() {
        Collection<Branch> its = branches.isEmpty() ? transaction.branches().all() : branches;
        if (its.isEmpty()) {
            return transaction.ofManager();
        }
        Outcome common = transaction.branches().common(its);
        if (common == Outcome.UNKNOWN && its.size() == 1) { // one answer for several is none
            Branch doubtful = its.iterator().next();
            common = ask(doubtful);
            transaction.branches().resolved(doubtful, common);
        }
        return common;
    }

    private Outcome ask(Branch doubtful) {
        if (inquiry == null) {
            Boundary its = boundaryOrNull();
            return its == null ? Outcome.UNKNOWN : its.judge(doubtful.failureToJudge());
        }
        try {
            return inquiry.resolve();
        } catch (Exception cannotTell) {
            transaction.noteUnresolved(cannotTell);
            return Outcome.UNKNOWN;
        }
    }

    /** In-doubt hooks are told of it. */
    void told(Optional<TransactionInfo> info) {
        branches.forEach(branch -> branch.told(info.orElse(null), inquiry));
    }

    // ---------------------------------------------------------------- as its boundary knows it

    /** As the driver knows it: pools hand out their own wrapper as long as the transaction lasts. */
    @Override
    public boolean isDisconnected() {
        try (Connection connection = database.open()) {
            return JtaConnection.physical(connection).isClosed();
        } catch (SQLException cannotTell) {
            return false;
        }
    }

    /** JTA's transactions have none. */
    @Override
    public Optional<String> name() {
        return Optional.empty();
    }

    @Override
    public boolean isRollbackOnly() {
        return transaction.isRollbackOnly();
    }

    @Override
    public void setRollbackOnly() {
        transaction.setRollbackOnly();
    }

    /** The thread is out of the transaction by then, and so is whatever asks for a connection. */
    @Override
    public Configuration afterwards(Configuration inside) {
        return inside;
    }

    @Override
    public String toString() {
        return "database '" + database.name() + "' in JTA transaction " + transaction.title();
    }
}
