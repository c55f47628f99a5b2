package dev.commithooks.testing;

import dev.commithooks.engine.dialect.Dialect;
import dev.commithooks.transaction.IsolationLevel;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Locale;
import org.jooq.SQLDialect;
import org.jspecify.annotations.Nullable;

/**
 * The SQL of the outer transaction of a test on one database. What is here holds for databases that take
 * one statement at a time, where a failed one leaves the transaction as it was.
 */
abstract sealed class OuterDialect permits OuterPostgres, OuterH2, OuterSqlite, OuterMySql {

    static final String UNSUPPORTED = "0A000";

    private final Dialect database;

    OuterDialect(SQLDialect family) {
        this.database = Dialect.of(family);
    }

    /** The dialect of the database that a URL leads to. */
    static OuterDialect of(String url) throws SQLException {
        String product = url.toLowerCase(Locale.ROOT).replaceFirst("^jdbc:([a-z0-9]+):.*", "$1");
        return switch (product) {
            case "postgresql" -> new OuterPostgres(url);
            case "h2" -> new OuterH2();
            case "sqlite" -> new OuterSqlite();
            case "mariadb", "mysql" -> new OuterMySql();
            default ->
                throw new SQLException(
                        "A rolled-back test needs PostgreSQL, MariaDB, MySQL, H2 or SQLite, and not "
                                + url.replaceAll("[?;].*", "") + ". Nothing was sent.",
                        UNSUPPORTED);
        };
    }

    /** What the library knows of the database. */
    final Dialect database() {
        return database;
    }

    /** Sends statements that return nothing. */
    void send(Connection connection, String statements) throws SQLException {
        for (String one : SqlText.split(statements, database)) {
            try (PreparedStatement statement = connection.prepareStatement(one)) {
                statement.execute();
            }
        }
    }

    /**
     * Refuses a text before it is sent that would end the outer transaction, other than by what its first word says.
     *
     * @throws SQLException with the reason
     */
    void refuse(String text) throws SQLException {}

    /** Whether the outer transaction is gone: somebody has really ended it. False where that is found only at the end of the test. */
    boolean hasEscaped(Connection connection) {
        return false;
    }

    /** Whether the outer transaction is gone, as far as only its end shows: the savepoint in it is not there. */
    boolean hasEscaped(Connection connection, String savepoint) {
        try {
            send(connection, "rollback to savepoint " + savepoint);
            return false;
        } catch (SQLException gone) {
            return true;
        }
    }

    /** Whether a failed statement has left the transaction so that it can only be rolled back. */
    boolean isAborted(Connection connection) {
        return false;
    }

    /** SQL that has the outer transaction begin at a level; null where the level is a property of the connection. */
    @Nullable
    String isolated(IsolationLevel level) {
        return null;
    }

    /** SQL that makes what follows in the savepoint read-only, or not, by the word that SQL has for it. */
    String accessMode(String mode) throws SQLException {
        if (!mode.equals("only")) {
            return "";
        }
        throw new SQLException(
                "A transaction of a rolled-back test cannot be read-only on " + this
                        + ": a savepoint cannot. Nothing was" + " sent.",
                UNSUPPORTED);
    }

    /** Whether there are settings that end with the transaction. */
    boolean hasLocalSettings() {
        return false;
    }

    /** The constraints that a commit checks. */
    DeferredConstraints constraints(Connection connection) throws SQLException {
        return DeferredConstraints.NONE;
    }

    /** Checks what a commit would check, where that is more than the SQL of {@link #constraints}. */
    void check(Connection connection) throws SQLException {}

    /** Whether a savepoint cannot be released while the rows that a statement returns are still being read. */
    boolean releasesLater() {
        return false;
    }

    /** Whether a transaction whose COMMIT was refused is open still. */
    boolean leavesOpen(VirtualTransaction refused) {
        return database.outlivesFailedCommit() && !refused.isOfOneStatement();
    }

    /** A BEGIN where a transaction is open already. */
    void beginWithin() throws SQLException {}

    /** SQLState of a statement that was cancelled, or took longer than it was allowed to. */
    String cancelled() {
        return "57014";
    }

    /** Has the server answer with an error. */
    abstract void raise(Connection connection, String sqlState, String message) throws SQLException;

    /** Ends the outer transaction, and releases the locks that outlive it; gives their number. */
    long end(Connection connection) throws SQLException {
        connection.rollback();
        return 0;
    }

    @Override
    public String toString() {
        return database.toString();
    }
}
