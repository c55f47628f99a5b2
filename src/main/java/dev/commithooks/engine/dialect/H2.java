package dev.commithooks.engine.dialect;

import dev.commithooks.engine.sql.Lexis;
import dev.commithooks.engine.sql.Lexis.Rule;
import dev.commithooks.engine.sql.SqlScanner;
import dev.commithooks.engine.sql.TransactionControl;
import dev.commithooks.engine.sql.TransactionControl.Kind;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** H2, in process or as a server. A deadlock rolls the whole transaction back; DDL commits it first, even if it fails then. */
final class H2 extends Rebeginning {

    private static final Lexis LEXIS = Lexis.of(List.of(
            Rule.BACKTICKS, Rule.DOLLAR_QUOTES, Rule.UNICODE_ESCAPES, Rule.NESTED_COMMENTS, Rule.SLASH_COMMENTS));

    private static final Returning RETURNING = new H2Returning();

    /** Before a quoted name. No name without quotes begins so. */
    private static final String QUOTE = "\"";

    /** {@code org.h2.api.ErrorCode.DEADLOCK_1}: {@code Command.executeUpdate} rolls the session back. */
    private static final int DEADLOCK = 40001;

    /** {@code ErrorCode.LOCK_TIMEOUT_1}: {@code Command.executeUpdate} undoes the statement. */
    private static final int LOCK_TIMEOUT = 50200;

    /** {@code ErrorCode.DUPLICATE_KEY_1}, whose message is {@code "SCHEMA.INDEX ON SCHEMA.TABLE(COLUMNS) ..."}. */
    private static final int DUPLICATE_KEY = 23505;

    private static final Pattern INDEX_OF_TABLE = Pattern.compile(" ON [^(]*?([^.(\"]+)\"*\\(");

    /** NULL, a duplicate key, which its index finds, CHECK, and the two above. */
    private static final Set<Integer> FOUND_BEFORE_WRITING =
            Set.of(23502, DUPLICATE_KEY, 23513, DEADLOCK, LOCK_TIMEOUT);

    private static final String AFTER_TRIGGER = """
            select 1 from information_schema.triggers
            where lower(event_object_table) = lower(?) and action_timing = 'AFTER' and event_manipulation = 'INSERT'""";

    /** Classes of errors that are answered before anything is committed: of data, constraints, names and syntax, a deadlock. */
    private static final Set<String> REFUSALS = Set.of("21", "22", "23", "40", "42", "44", "45");

    /** Statements that execute others; to a function in a query there is no end. */
    private static final Set<String> EXECUTING = Set.of("call", "execute");

    private static final Set<String> COMMITTING = Set.of(
            "alter",
            "analyze",
            "backup",
            "comment",
            "drop",
            "execute",
            "grant",
            "revoke",
            "runscript",
            "script",
            "set",
            "shutdown",
            "truncate");

    @Override
    String name() {
        return "H2";
    }

    @Override
    public @Nullable String refusal(TransactionModes modes) {
        if (modes.deferrable()) {
            return deferrableRefusal();
        }
        return modes.readOnly() ? "readOnly() cannot be had on H2, which has no such transactions" : null;
    }

    @Override
    public List<String> begin(TransactionModes modes) {
        return List.of();
    }

    @Override
    public boolean isolatesConnections() {
        return true;
    }

    @Override
    public boolean losesTransaction(SQLException failure, Connection connection, boolean hasWritten) {
        return failure.getErrorCode() == DEADLOCK;
    }

    /**
     * A statement that returns rows is a query, see {@link H2Returning#refusal}, and of one that fails H2 undoes nothing, be it in a
     * transaction or by itself: not the rows before the one that fails, nor the one whose foreign key or AFTER trigger fails, which are
     * looked at when it is written. Other statements undo themselves.
     */
    @Override
    public boolean mayKeepRowsOfFailed(
            SQLException failure, Connection connection, String sql, @Nullable String insertedInto) {
        if (!sql.regionMatches(true, 0, "select", 0, 6)) {
            return false;
        }
        if (insertedInto == null || !isFoundBeforeWriting(failure)) {
            return true;
        }
        return !isDuplicateIn(insertedInto, failure) && hasAfterTrigger(connection, insertedInto);
    }

    /** Of a table that a trigger writes the message would name that one. */
    private static boolean isDuplicateIn(String table, SQLException failure) {
        if (failure.getErrorCode() != DUPLICATE_KEY) {
            return false;
        }
        Matcher index = INDEX_OF_TABLE.matcher(String.valueOf(failure.getMessage()));
        return index.find() && index.group(1).equalsIgnoreCase(table);
    }

    private static boolean isFoundBeforeWriting(SQLException failure) {
        return FOUND_BEFORE_WRITING.contains(failure.getErrorCode())
                || Set.of("21", "22", "42").stream().anyMatch(state -> isOfClass(failure, state));
    }

    private static boolean hasAfterTrigger(Connection connection, String table) {
        try {
            return !Returning.query(connection, AFTER_TRIGGER, table).isEmpty();
        } catch (SQLException cannotTell) {
            return true;
        }
    }

    /** In process the driver tells a transaction from the next one by itself. */
    @Override
    public boolean executesOthers(SqlScanner statement) {
        return EXECUTING.contains(statement.keyword());
    }

    /** The number that the server gives to a transaction, once anything is changed in it. */
    @Override
    public @Nullable Guard guard(Connection connection) throws SQLException {
        String before = DriverStatus.of(connection).number() == null ? number(connection) : null;
        return before == null
                ? null
                : () -> {
                    if (!before.equals(number(connection))) {
                        throw new SQLException("The transaction is not " + before + " any more");
                    }
                };
    }

    private static @Nullable String number(Connection connection) throws SQLException {
        return Returning.query(connection, "select transaction_id()").get(0)[0];
    }

    /** What is pending still was not committed: {@code create sequence}, and what fails before it does anything. */
    @Override
    public boolean hasCommitted(Connection connection, boolean isFailed) {
        return DriverStatus.of(connection).read() != TransactionStatus.OPEN;
    }

    @Override
    public boolean refusesCommit(SQLException answer) {
        return answer.getErrorCode() == LOCK_TIMEOUT
                || REFUSALS.stream().anyMatch(refusal -> isOfClass(answer, refusal));
    }

    @Override
    public Returning returning() {
        return RETURNING;
    }

    /** Messages end with the statement, which the driver's exceptions let one set. */
    @Override
    public SQLException asIfOf(String sql, SQLException failure) {
        try {
            failure.getClass().getMethod("setSQL", String.class).invoke(failure, sql);
        } catch (ReflectiveOperationException notOfTheDriver) {
            // Then it quotes nothing.
        }
        return failure;
    }

    @Override
    public boolean hasDeltaTables() {
        return true;
    }

    @Override
    public Lexis lexis() {
        return LEXIS;
    }

    /** Which names are one and the same is a matter of the database's settings. */
    @Override
    public String savepointName(String identifier, boolean isQuoted) {
        return isQuoted ? QUOTE + identifier : identifier;
    }

    /** The settings DATABASE_TO_UPPER, DATABASE_TO_LOWER and CASE_INSENSITIVE_IDENTIFIERS, as the driver tells them without asking twice. */
    @Override
    public String savepointName(String told, Connection connection) {
        boolean isQuoted = told.startsWith(QUOTE);
        String name = isQuoted ? told.substring(1) : told;
        try {
            DatabaseMetaData settings = connection.getMetaData();
            if (!settings.supportsMixedCaseQuotedIdentifiers() || !isQuoted && settings.storesUpperCaseIdentifiers()) {
                return name.toUpperCase(Locale.ROOT);
            }
            return !isQuoted && settings.storesLowerCaseIdentifiers() ? name.toLowerCase(Locale.ROOT) : name;
        } catch (SQLException broken) {
            return name;
        }
    }

    /** {@code SessionLocal.addSavepoint} puts it into a map. */
    @Override
    public boolean replacesSavepoints() {
        return true;
    }

    /** It is a number of rows that were changed, and {@code SessionLocal.rollbackTo} takes none out of the map. */
    @Override
    public boolean keepsSavepoints() {
        return true;
    }

    /** {@code Parser.parseReleaseSavepoint} makes a command that does nothing. */
    @Override
    public boolean releasesSavepoints() {
        return false;
    }

    @Override
    public @Nullable TransactionControl control(SqlScanner scanner) {
        String word = scanner.keyword();
        return switch (word) {
            case "commit" -> TransactionControl.of(Kind.COMMIT);
            case "rollback" -> rollback(scanner);
            case "prepare" -> scanner.keyword().equals("commit") ? TransactionControl.of(Kind.PREPARE) : null;
            case "savepoint" -> savepoint(scanner);
            case "release" -> release(scanner);
            case "create" -> TransactionControl.of(Kind.IMPLICIT_COMMIT);
            default -> COMMITTING.contains(word) ? TransactionControl.of(Kind.IMPLICIT_COMMIT) : null;
        };
    }
}
