package dev.commithooks.engine.dialect;

import dev.commithooks.engine.sql.SqlScanner;
import dev.commithooks.engine.sql.Syntax;
import dev.commithooks.engine.sql.TransactionControl;
import dev.commithooks.engine.sql.TransactionControl.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jooq.Configuration;
import org.jooq.Record;
import org.jooq.SQLDialect;
import org.jooq.Scope;
import org.jooq.Select;
import org.jooq.SelectForUpdateStep;
import org.jspecify.annotations.Nullable;

/**
 * One database's ways, as far as the truth about its transactions depends on them. One stateless object for each; whatever the
 * library knows of a database in particular is here or below.
 */
public abstract sealed class Dialect implements Syntax permits Postgres, Rebeginning {

    /** Apart, since a class that makes its subclasses' objects when it is loaded may wait for one that is being loaded. */
    private static final class Known {
        static final Dialect POSTGRES = new Postgres();
        static final Dialect MYSQL = new MySql(new NoReturning("MySQL has no RETURNING clause"));
        static final Dialect MARIADB = new MySql(new MariaDbReturning());
        static final Dialect SQLITE = new Sqlite();
        static final Dialect H2 = new H2();
        static final Dialect UNPROVEN = new Unproven();
    }

    private final boolean abortsTransactions;

    Dialect(boolean abortsTransactions) {
        this.abortsTransactions = abortsTransactions;
    }

    /** The dialect of the database that something of jOOQ's is for. */
    public static Dialect of(Scope scope) {
        return of(scope.family());
    }

    /** The dialect of a configuration's database. */
    public static Dialect of(Configuration configuration) {
        return of(configuration.family());
    }

    /** The dialect of a family of databases. */
    public static Dialect of(SQLDialect family) {
        return switch (family) {
            case POSTGRES -> Known.POSTGRES;
            case MYSQL -> Known.MYSQL;
            case MARIADB -> Known.MARIADB;
            case SQLITE -> Known.SQLITE;
            case H2 -> Known.H2;
            default -> Known.UNPROVEN;
        };
    }

    /** Whether the hooks' promises are tested on it. */
    public boolean isProven() {
        return true;
    }

    // ---------------------------------------------------------------- begin

    /** Why a transaction cannot have these modes, and what to do, in words; null where it can. */
    public abstract @Nullable String refusal(TransactionModes modes);

    /** The statements that give these modes to the transaction that has just begun, and to no other. */
    public abstract List<String> begin(TransactionModes modes);

    /** Whether an isolation level is the connection's, to be set by JDBC before the first statement and restored at the end. */
    public boolean isolatesConnections() {
        return false;
    }

    // ---------------------------------------------------------------- statements

    /**
     * Whether a statement's failure may take the whole transaction with it and let the next statement begin another one, so that no
     * later look can tell: then each failure is to be judged at once, see {@link #losesTransaction}.
     */
    public final boolean failuresMayLose() {
        return !abortsTransactions;
    }

    /** Whether nothing but a rollback, of all or to a savepoint, can follow a statement's failure. */
    public final boolean abortsTransactions() {
        return abortsTransactions;
    }

    /**
     * Whether a statement's failure, which has just come, has rolled the whole transaction back.
     *
     * @param connection the transaction's, for a question that does not change its state
     * @param hasWritten whether there was anything to be lost
     */
    public abstract boolean losesTransaction(SQLException failure, Connection connection, boolean hasWritten);

    /**
     * Whether a statement that commits implicitly has done so, as far as can be told.
     *
     * @param isFailed whether it has failed
     */
    public boolean hasCommitted(Connection connection, boolean isFailed) {
        return true;
    }

    /** What tells the open transaction from the next one; null where there is nothing, or no need. */
    public @Nullable Guard guard(Connection connection) throws SQLException {
        return null;
    }

    /** The name by which the database knows a savepoint, of which its text tells this. */
    public String savepointName(String told, Connection connection) {
        return told;
    }

    /** Begins a transaction where a statement has ended one, and the driver would not begin another by itself. */
    public void reopen(Connection connection) {}

    /**
     * Asks the server for the state of a transaction in which a statement had failed, and of which the driver tells nothing.
     *
     * @return {@link TransactionStatus#UNKNOWN} when it cannot be asked
     */
    public abstract TransactionStatus probe(Connection connection);

    /**
     * Locks the rows that a query reads as a write to them will.
     *
     * @param keysChange whether the write may change or remove keys that other rows refer to
     */
    public abstract <R extends Record> Select<R> locked(SelectForUpdateStep<R> query, boolean keysChange);

    /** Whether a savepoint is gone when another one is set under its name; else it is hidden until that one is released. */
    public boolean replacesSavepoints() {
        return false;
    }

    /**
     * Whether a savepoint outlives a rollback to one that was set before it, and the transaction's end: a rollback to it then undoes
     * nobody knows what.
     */
    public boolean keepsSavepoints() {
        return false;
    }

    /** Whether a savepoint that was released cannot be rolled back to. */
    public boolean releasesSavepoints() {
        return true;
    }

    /**
     * How statements are made to return the rows that they write; null for PostgreSQL, whose RETURNING tells more, which its
     * catalogue decides.
     */
    public abstract @Nullable Returning returning();

    /** How many returned rows are fetched at a time, if a statement that fails later has returned none by then; 0 for all. */
    public int returnedAtATime() {
        return 0;
    }

    /** Whether what a statement returns can be read only once. */
    public boolean returnsOnce() {
        return false;
    }

    /**
     * Whether rows that a statement wrote before it failed are still there, or may be.
     *
     * @param connection the transaction's, on which nothing has been executed since
     * @param insertedInto the table, if the statement was to insert one row into it; else null
     */
    public boolean mayKeepRowsOfFailed(
            SQLException failure, Connection connection, String sql, @Nullable String insertedInto) {
        return false;
    }

    /** A failure of a statement that we have altered, as if it were still what it was. */
    public SQLException asIfOf(String sql, SQLException failure) {
        return failure;
    }

    /** The number of the row that a connection has inserted last, as SQL, where jOOQ reads keys by it; null elsewhere. */
    public @Nullable String lastInsert() {
        return null;
    }

    /** Statements after which that is the number of another row, to be bound in the last one. */
    public List<String> settingLastInsert() {
        return List.of();
    }

    /** Whether some of its tables may have no transactions. */
    public boolean mayLackTransactions() {
        return false;
    }

    /** What stores a table, if that has no transactions; null if it has. */
    public @Nullable String engineWithoutTransactions(Connection connection, @Nullable String schema, String table)
            throws SQLException {
        return null;
    }

    // ---------------------------------------------------------------- end

    /**
     * Whether the database's answer to COMMIT, or to a statement that commits by itself, shows that nothing was committed. An
     * answer that may come after the commit record was written shows nothing, nor does one that is not the database's.
     */
    public abstract boolean refusesCommit(SQLException answer);

    /** Whether a transaction is open still when its COMMIT has failed: the proof is a ROLLBACK, if there was one open. */
    public boolean outlivesFailedCommit() {
        return false;
    }

    /** Whether that is so of this failure of {@code commit()}. */
    public boolean leavesOpen(SQLException failure, Connection connection) {
        return false;
    }

    // ---------------------------------------------------------------- parts of the syntax

    /** {@code SAVEPOINT}, from its name on. */
    final TransactionControl savepoint(SqlScanner scanner) {
        return new TransactionControl(Kind.SAVEPOINT, identifier(scanner));
    }

    /** {@code RELEASE}, from the next word on. */
    final TransactionControl release(SqlScanner scanner) {
        return new TransactionControl(Kind.RELEASE, nameAfterKeyword(scanner));
    }

    /** {@code ROLLBACK}, from the next word on; null for one of a prepared transaction. */
    final @Nullable TransactionControl rollback(SqlScanner scanner) {
        String word = scanner.keyword();
        if (word.equals("work") || word.equals("transaction")) {
            word = scanner.keyword();
        }
        return switch (word) {
            case "prepared" -> null;
            case "to" -> new TransactionControl(Kind.ROLLBACK_TO, nameAfterKeyword(scanner));
            default -> TransactionControl.of(Kind.ROLLBACK);
        };
    }

    /** The keyword is optional, and not reserved: {@code RELEASE savepoint} releases one of that name. */
    private @Nullable String nameAfterKeyword(SqlScanner scanner) {
        boolean mayBeKeyword = !scanner.isAtQuotedIdentifier();
        String first = identifier(scanner);
        if (!mayBeKeyword || !"savepoint".equalsIgnoreCase(first)) {
            return first;
        }
        String second = identifier(scanner);
        return second == null ? first : second;
    }

    private @Nullable String identifier(SqlScanner scanner) {
        boolean isQuoted = scanner.isAtQuotedIdentifier() && !scanner.isAtAnyOf("`"); // to H2 such a one is a word
        String identifier = scanner.identifierAsWritten();
        return identifier == null ? null : savepointName(identifier, isQuoted);
    }

    @Override
    public String toString() {
        return getClass().getSimpleName();
    }
}
