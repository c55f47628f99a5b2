package dev.commithooks.engine.dialect;

import dev.commithooks.engine.sql.Letters;
import dev.commithooks.engine.sql.Lexis;
import dev.commithooks.engine.sql.SqlScanner;
import dev.commithooks.engine.sql.TransactionControl;
import dev.commithooks.engine.sql.TransactionControl.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import org.jooq.Record;
import org.jooq.Select;
import org.jooq.SelectForUpdateStep;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL. An error of a statement leaves the transaction aborted until a savepoint or all of it is rolled back, and the server
 * says so whenever it is asked. DDL is part of the transaction.
 */
final class Postgres extends Dialect {

    /**
     * Classes that prove nothing: success, warnings and no data, which drivers use for complaints of their own; lost connections;
     * external, system and internal errors (58, F0, XX); what drivers invent, pgjdbc's 99999 and others' HY000.
     */
    private static final Set<String> NO_REFUSALS = Set.of("00", "01", "02", "08", "58", "F0", "XX", "99", "HY");

    /**
     * States that end the session (57P01 to 57P05, and the transaction's timeout 25P04); the write-ahead log's disk that is full,
     * or files and memory that it lacks (53000, 53100, 53200); completion unknown (40003); and what pgjdbc says in autocommit
     * mode, in which everything may be committed already (25P01).
     */
    private static final Set<String> MAY_FOLLOW_THE_COMMIT =
            Set.of("57P01", "57P02", "57P03", "57P04", "57P05", "25P04", "53000", "53100", "53200", "40003", "25P01");

    /** PostgreSQL's answer to any statement in an aborted transaction. */
    private static final String IN_FAILED_SQL_TRANSACTION = "25P02";

    /** Of the words looked for; most statements begin with another. */
    private static final String FIRST_LETTERS = "abceprsABCEPRS";

    Postgres() {
        super(true);
    }

    @Override
    public @Nullable String refusal(TransactionModes modes) {
        return null;
    }

    /** {@code SET TRANSACTION} holds for this transaction only, so there is nothing to restore. */
    @Override
    public List<String> begin(TransactionModes modes) {
        StringJoiner sql = new StringJoiner(", ", "set transaction ", "");
        if (modes.isolation() != null) {
            sql.add("isolation level " + modes.isolation().sql());
        }
        if (modes.readOnly()) {
            sql.add("read only");
        }
        if (modes.deferrable()) {
            sql.add("deferrable");
        }
        return List.of(sql.toString());
    }

    @Override
    public boolean losesTransaction(SQLException failure, Connection connection, boolean hasWritten) {
        return false;
    }

    /** A failed probe may itself have aborted the transaction (a statement timeout, say), so it is repeated once. */
    @Override
    public TransactionStatus probe(Connection connection) {
        for (int attempt = 0; attempt < 2; attempt++) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("select 1");
                return TransactionStatus.OPEN;
            } catch (SQLException e) {
                if (IN_FAILED_SQL_TRANSACTION.equals(e.getSQLState())) {
                    return TransactionStatus.ABORTED;
                }
            }
        }
        return TransactionStatus.UNKNOWN;
    }

    @Override
    public @Nullable Returning returning() {
        return null;
    }

    /** A server has executed all of a statement before it returns the first row. */
    @Override
    public int returnedAtATime() {
        return 1_000;
    }

    @Override
    public <R extends Record> Select<R> locked(SelectForUpdateStep<R> query, boolean keysChange) {
        return keysChange ? query.forUpdate() : query.forNoKeyUpdate();
    }

    /**
     * {@code CommitTransaction} ({@code src/backend/access/transam/xact.c}) runs deferred triggers and checks for conflicts first;
     * an error there is answered as such, and nothing is committed. From {@code RecordTransactionCommit} on it is in a critical
     * section: an error of the disk becomes a PANIC, whose SQLState the client gets to see, and the commit record may have reached
     * the disk or not. After that only the end of the session can come between the record and its answer: a shutdown, a timeout or
     * a dropped database ends it with FATAL, with synchronous replication after a wait. So a state is a refusal unless it may be
     * one of these.
     */
    @Override
    public boolean refusesCommit(SQLException answer) {
        String state = answer.getSQLState();
        return state != null
                && state.length() == 5
                && !NO_REFUSALS.contains(state.substring(0, 2))
                && !MAY_FOLLOW_THE_COMMIT.contains(state);
    }

    @Override
    public Lexis lexis() {
        return Lexis.POSTGRES;
    }

    @Override
    public String savepointName(String identifier, boolean isQuoted) {
        return lexis().cut(isQuoted ? identifier : Letters.lowerCase(identifier));
    }

    @Override
    public @Nullable TransactionControl control(SqlScanner scanner) {
        if (!scanner.isAtAnyOf(FIRST_LETTERS)) {
            return null;
        }
        return switch (scanner.keyword()) {
            case "begin" -> TransactionControl.of(Kind.BEGIN);
            case "start" -> scanner.keyword().equals("transaction") ? TransactionControl.of(Kind.BEGIN) : null;
            case "commit", "end" -> scanner.keyword().equals("prepared") ? null : TransactionControl.of(Kind.COMMIT);
            case "abort" -> TransactionControl.of(Kind.ROLLBACK);
            case "rollback" -> rollback(scanner);
            case "prepare" -> scanner.keyword().equals("transaction") ? TransactionControl.of(Kind.PREPARE) : null;
            case "savepoint" -> savepoint(scanner);
            case "release" -> release(scanner);
            case "create" -> {
                // The body of a function in standard SQL has statements of its own, and ends with END.
                scanner.skipStatementWithBody();
                yield null;
            }
            default -> null;
        };
    }
}
