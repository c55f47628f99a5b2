package dev.commithooks.engine.dialect;

import dev.commithooks.engine.sql.Letters;
import dev.commithooks.engine.sql.Lexis;
import dev.commithooks.engine.sql.Lexis.Rule;
import dev.commithooks.engine.sql.SqlScanner;
import dev.commithooks.engine.sql.TransactionControl;
import dev.commithooks.engine.sql.TransactionControl.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import org.jooq.Record;
import org.jooq.Select;
import org.jooq.SelectForUpdateStep;
import org.jspecify.annotations.Nullable;

/**
 * SQLite, by xerial's driver: errors have a code and no SQLState. DDL is part of the transaction. Some errors roll all of it back, by
 * {@code OR ROLLBACK}, {@code RAISE(ROLLBACK, ...)} or of the disk, and leave none open. One transaction writes at a time.
 */
final class Sqlite extends Rebeginning {

    private static final Lexis LEXIS = Lexis.of(List.of(Rule.BACKTICKS, Rule.BRACKETS));

    private static final Returning RETURNING = new SqliteReturning();

    private static final Set<String> MODIFIERS = Set.of("or", "replace", "rollback", "abort", "fail", "ignore");

    /** The part of an error's code that does not tell details. */
    private static final int PRIMARY = 0xff;

    private static final int ERROR = 1;
    private static final int BUSY = 5;
    private static final int LOCKED = 6;
    private static final int CONSTRAINT = 19;

    @Override
    String name() {
        return "SQLite";
    }

    @Override
    public @Nullable String refusal(TransactionModes modes) {
        if (modes.deferrable()) {
            return deferrableRefusal();
        }
        if (modes.readOnly()) {
            return "readOnly() cannot be had on SQLite, which has no such transactions";
        }
        return modes.isolation() == null
                ? null
                : "isolation(" + modes.isolation()
                        + ") cannot be had on SQLite, where every transaction is serializable";
    }

    @Override
    public List<String> begin(TransactionModes modes) {
        return List.of();
    }

    /**
     * Asks by a BEGIN, which is refused within a transaction. Where it is not, the transaction is gone, and this one takes its place:
     * without, each statement from here on would be committed by itself.
     */
    @Override
    public boolean losesTransaction(SQLException failure, Connection connection, boolean hasWritten) {
        return begins(connection);
    }

    @Override
    public void reopen(Connection connection) {
        begins(connection);
    }

    private static boolean begins(Connection connection) {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("begin");
            return true;
        } catch (SQLException refused) {
            return (refused.getErrorCode() & PRIMARY) != ERROR;
        }
    }

    /** {@code OR FAIL}, {@code ON CONFLICT FAIL} and {@code RAISE(FAIL, ...)} keep what was written before, and count it. */
    @Override
    public boolean mayKeepRowsOfFailed(
            SQLException failure, Connection connection, String sql, @Nullable String insertedInto) {
        if ((failure.getErrorCode() & PRIMARY) != CONSTRAINT) {
            return false;
        }
        try {
            return !"0".equals(Returning.query(connection, "select changes()").get(0)[0]);
        } catch (SQLException cannotTell) {
            return true;
        }
    }

    /** Whoever writes has locked the whole database. */
    @Override
    public <R extends Record> Select<R> locked(SelectForUpdateStep<R> query, boolean keysChange) {
        return query;
    }

    @Override
    public boolean refusesCommit(SQLException answer) {
        int code = answer.getErrorCode() & PRIMARY;
        return code == BUSY || code == LOCKED || code == CONSTRAINT;
    }

    @Override
    public boolean outlivesFailedCommit() {
        return true;
    }

    /**
     * After COMMIT the driver's {@code commit()} begins the next transaction. Where that is what failed, as BEGIN IMMEDIATE does when
     * another connection was faster, none is open; and an exception that is not the driver's may come when the next one is.
     */
    @Override
    public boolean leavesOpen(SQLException failure, Connection connection) {
        return failure.getErrorCode() != 0 && !begins(connection);
    }

    @Override
    public String lastInsert() {
        return "last_insert_rowid()";
    }

    /** By an insert, since nothing else does; into a table that is the connection's own. */
    @Override
    public List<String> settingLastInsert() {
        return List.of(
                "create temporary table if not exists commithooks_last_insert (row integer primary key)",
                "insert or replace into temp.commithooks_last_insert (row) values (?)");
    }

    @Override
    public boolean returnsOnce() {
        return true;
    }

    @Override
    public Returning returning() {
        return RETURNING;
    }

    @Override
    public Set<String> modifiers() {
        return MODIFIERS;
    }

    @Override
    public Lexis lexis() {
        return LEXIS;
    }

    /** xerial's {@code executeUpdate} of a text executes all, {@code execute}, {@code executeQuery} and what is prepared does not. */
    @Override
    public boolean mayIgnoreAllButFirst() {
        return true;
    }

    /** {@code sqlite3StrICmp}: names differ by more than the case of ASCII's letters. */
    @Override
    public String savepointName(String identifier, boolean isQuoted) {
        return Letters.lowerCase(identifier);
    }

    /** xerial's have both an id and a name. */
    @Override
    public boolean hasUnnamedSavepoints() {
        return false;
    }

    @Override
    public @Nullable TransactionControl control(SqlScanner scanner) {
        return switch (scanner.keyword()) {
            case "begin" -> TransactionControl.of(Kind.BEGIN);
            case "commit", "end" -> TransactionControl.of(Kind.COMMIT);
            case "rollback" -> rollback(scanner);
            case "savepoint" -> savepoint(scanner);
            case "release" -> release(scanner);
            case "create" -> {
                scanner.skipAll(); // a trigger's body has statements of its own
                yield null;
            }
            default -> null;
        };
    }
}
