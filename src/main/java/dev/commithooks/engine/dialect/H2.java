package dev.commithooks.engine.dialect;

import dev.commithooks.engine.sql.Lexis;
import dev.commithooks.engine.sql.Lexis.Rule;
import dev.commithooks.engine.sql.SqlScanner;
import dev.commithooks.engine.sql.TransactionControl;
import dev.commithooks.engine.sql.TransactionControl.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** H2, in process or as a server. A deadlock rolls the whole transaction back; DDL commits it first, even if it fails then. */
final class H2 extends Rebeginning {

    private static final Lexis LEXIS = Lexis.of(List.of(
            Rule.BACKTICKS, Rule.DOLLAR_QUOTES, Rule.UNICODE_ESCAPES, Rule.NESTED_COMMENTS, Rule.SLASH_COMMENTS));

    private static final Returning RETURNING = new H2Returning();

    /** {@code org.h2.api.ErrorCode.DEADLOCK_1}: {@code Command.executeUpdate} rolls the session back. */
    private static final int DEADLOCK = 40001;

    /** {@code ErrorCode.LOCK_TIMEOUT_1}: {@code Command.executeUpdate} undoes the statement. */
    private static final int LOCK_TIMEOUT = 50200;

    /** Classes of errors that are answered before anything is committed: of data, constraints, names and syntax, a deadlock. */
    private static final Set<String> REFUSALS = Set.of("21", "22", "23", "40", "42", "44", "45");

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

    /** Captured statements are those that return rows, which a query reads; see {@link H2Returning#refusal}. */
    @Override
    public boolean mayKeepRowsOfFailed(SQLException failure, Connection connection, boolean isOneRow) {
        return !isOneRow;
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

    /** How names are folded is a matter of the database's settings; two that differ only by the case of letters are taken for one. */
    @Override
    public String savepointName(String identifier) {
        return identifier.toUpperCase(Locale.ROOT);
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
