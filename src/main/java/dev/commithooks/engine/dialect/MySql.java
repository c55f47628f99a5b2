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
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * MySQL and MariaDB, with InnoDB's tables. A deadlock rolls the whole transaction back; DDL and BEGIN commit it first, DDL even if it
 * fails then. With every answer but an error the server says whether a transaction is open.
 */
final class MySql extends Rebeginning {

    private static final Lexis LEXIS = Lexis.of(List.of(
            Rule.BACKTICKS, Rule.BACKSLASHES, Rule.HASH_COMMENTS, Rule.BLANK_AFTER_DASHES, Rule.EXECUTED_COMMENTS));

    /** Deadlock, and the lock table is full: InnoDB has rolled back ({@code row_mysql_handle_errors} in {@code row0mysql.cc}). */
    private static final Set<Integer> LOSING = Set.of(1213, 1206);

    /** Classes of errors that undo their own statement: cardinality, data, constraints, syntax, check option, SIGNAL. */
    private static final Set<String> OF_THE_STATEMENT = Set.of("21", "22", "23", "42", "44", "45");

    /**
     * Errors of class HY that undo their own statement, and are answered before anything is committed: a lock that was waited for too
     * long, a column without a value or with an impossible one, MySQL's check constraint.
     */
    private static final Set<Integer> GENERAL_ERRORS_OF_THE_STATEMENT = Set.of(1205, 1364, 1366, 3819);

    /** <a href="https://dev.mysql.com/doc/refman/8.4/en/implicit-commit.html">Statements that cause an implicit commit</a>. */
    private static final Set<String> COMMITTING = Set.of(
            "alter",
            "analyze",
            "begin",
            "cache",
            "change",
            "check",
            "flush",
            "grant",
            "install",
            "lock",
            "optimize",
            "rename",
            "repair",
            "reset",
            "revoke",
            "start",
            "stop",
            "truncate",
            "uninstall",
            "unlock");

    /**
     * Statements that cannot commit and go on, or are seen to end the transaction. Of the others a call, a text, and MariaDB's compound
     * statements outside of routines may; DDL does, and LOCK TABLES and BACKUP STAGE leave a transaction open when they have.
     */
    private static final Set<String> SIMPLE = Set.of(
            "commit",
            "delete",
            "desc",
            "describe",
            "do",
            "explain",
            "handler",
            "insert",
            "release",
            "replace",
            "rollback",
            "savepoint",
            "select",
            "show",
            "table",
            "update",
            "use",
            "values",
            "with",
            "xa");

    private static final Set<String> OFF = Set.of("0", "off", "false");

    private static final Set<String> MODIFIERS = Set.of("ignore", "low_priority", "high_priority", "delayed", "quick");

    private static final String ENGINE = """
            select t.engine from information_schema.tables t join information_schema.engines e on e.engine = t.engine
            where t.table_schema = coalesce(?, database()) and t.table_name = ? and e.transactions = 'NO'""";

    private final Returning returning;

    MySql(Returning returning) {
        this.returning = returning;
    }

    @Override
    String name() {
        return "MySQL or MariaDB";
    }

    @Override
    public @Nullable String refusal(TransactionModes modes) {
        return modes.deferrable() ? deferrableRefusal() : null;
    }

    /** {@code SET TRANSACTION} is for the next transaction that really begins, which must be this one. */
    @Override
    public List<String> begin(TransactionModes modes) {
        List<String> statements = new ArrayList<>(2);
        if (modes.isolation() != null) {
            statements.add(
                    "set transaction isolation level " + modes.isolation().sql());
        }
        statements.add(modes.readOnly() ? "start transaction read only" : "start transaction");
        return statements;
    }

    @Override
    public boolean losesTransaction(SQLException failure, Connection connection, boolean hasWritten) {
        if (LOSING.contains(failure.getErrorCode())) {
            return true;
        }
        boolean isOfItsStatement = OF_THE_STATEMENT.stream().anyMatch(state -> isOfClass(failure, state));
        if (isOfItsStatement || !hasWritten) {
            return false;
        }
        return switch (afterHarmlessAnswer(connection)) {
            case IDLE -> true;
            case OPEN, ABORTED -> false;
            case UNKNOWN -> isOfClass(failure, "40");
        };
    }

    /** An error does not say whether a transaction is open, and DDL that fails may have committed or not. */
    @Override
    public boolean hasCommitted(Connection connection, boolean isFailed) {
        TransactionStatus status = isFailed
                ? afterHarmlessAnswer(connection)
                : DriverStatus.of(connection).read();
        return status != TransactionStatus.OPEN;
    }

    /** The driver's notes are renewed by an answer that is no error. */
    private static TransactionStatus afterHarmlessAnswer(Connection connection) {
        try (Statement statement = connection.createStatement()) {
            statement.execute("do 0");
            return DriverStatus.of(connection).read();
        } catch (SQLException broken) {
            return TransactionStatus.UNKNOWN;
        }
    }

    /** A savepoint, which goes with its transaction. */
    @Override
    public Guard guard(Connection connection) throws SQLException {
        execute(connection, "savepoint commit_hooks_guard");
        return () -> execute(connection, "release savepoint commit_hooks_guard");
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public boolean refusesCommit(SQLException answer) {
        String state = answer.getSQLState();
        return answer.getErrorCode() == 1213
                || GENERAL_ERRORS_OF_THE_STATEMENT.contains(answer.getErrorCode())
                || (state != null && OF_THE_STATEMENT.contains(state.substring(0, 2)))
                || (isOfClass(answer, "40") && !"40003".equals(state));
    }

    @Override
    public Returning returning() {
        return returning;
    }

    @Override
    public boolean mayLackTransactions() {
        return true;
    }

    @Override
    public @Nullable String engineWithoutTransactions(Connection connection, @Nullable String schema, String table)
            throws SQLException {
        List<@Nullable String[]> found = Returning.query(connection, ENGINE, schema, table);
        return found.isEmpty() ? null : found.get(0)[0];
    }

    @Override
    public Set<String> modifiers() {
        return MODIFIERS;
    }

    @Override
    public Lexis lexis() {
        return LEXIS;
    }

    @Override
    public boolean executesOthers(SqlScanner statement) {
        return !statement.isAtAnyOf("(") && !SIMPLE.contains(statement.keyword());
    }

    /** Names are compared by {@code utf8_general_ci}, to which case and accents make no difference: beyond ASCII nobody guesses. */
    @Override
    public @Nullable String savepointName(String identifier, boolean isQuoted) {
        return identifier.chars().allMatch(letter -> letter < 128) ? Letters.lowerCase(identifier) : null;
    }

    @Override
    public boolean replacesSavepoints() {
        return true;
    }

    @Override
    public @Nullable TransactionControl control(SqlScanner scanner) {
        String word = scanner.keyword();
        return switch (word) {
            case "begin" -> "not".equals(scanner.keyword()) ? null : TransactionControl.of(Kind.BEGIN_ANEW);
            case "start" ->
                TransactionControl.of("transaction".equals(scanner.keyword()) ? Kind.BEGIN_ANEW : Kind.IMPLICIT_COMMIT);
            case "commit" -> TransactionControl.of(Kind.COMMIT);
            case "rollback" -> rollback(scanner);
            case "savepoint" -> savepoint(scanner);
            case "release" -> release(scanner);
            case "set" -> set(scanner);
            case "create" -> create(scanner);
            case "drop" -> "temporary".equals(scanner.keyword()) ? null : committing();
            case "load" -> "index".equals(scanner.keyword()) ? committing() : null;
            default -> COMMITTING.contains(word) ? committing() : null;
        };
    }

    private static TransactionControl committing() {
        return TransactionControl.of(Kind.IMPLICIT_COMMIT);
    }

    /** A routine's body has statements of its own. */
    private static @Nullable TransactionControl create(SqlScanner scanner) {
        String word = scanner.keyword();
        if (word.equals("or")) {
            scanner.keyword();
            word = scanner.keyword();
        }
        if (word.equals("temporary")) {
            return null;
        }
        if (!word.equals("table")) {
            scanner.skipAll();
        }
        return committing();
    }

    private static @Nullable TransactionControl set(SqlScanner scanner) {
        String word = scanner.keyword();
        if (word.equals("password")) {
            return committing();
        }
        while (!word.equals("autocommit")) {
            if (scanner.isAtAnyOf(";=:") || !scanner.skip()) {
                return null;
            }
            word = scanner.isAtAnyOf("@.") ? "" : scanner.keyword();
        }
        while (scanner.isAtAnyOf(":=")) {
            scanner.skip();
        }
        return OFF.contains(scanner.keyword()) ? null : committing();
    }
}
