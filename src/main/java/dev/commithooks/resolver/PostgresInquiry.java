package dev.commithooks.resolver;

import dev.commithooks.transaction.Outcome;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;

/** Asks PostgreSQL for {@code pg_xact_status} of a transaction, and whether the server asked is one that can know. */
final class PostgresInquiry extends RepeatedInquiry {

    private static final String STATUS =
            "select pg_catalog.pg_xact_status(id), exists (select from pg_catalog.pg_prepared_xacts"
                    + " where transaction = id::xid) from (select ?::xid8) given (id)";

    /** What {@code pg_xact_status} answers to an id that was not given to any transaction yet. */
    private static final String ID_OF_THE_FUTURE = "22023";

    /** How long a prepared transaction may stay so: a COMMIT that has arrived is executed by then, and no other is expected. */
    private static final Duration PREPARED = Duration.ofSeconds(1);

    private final String transactionId;
    private final ServerIdentity server;

    PostgresInquiry(DataSource dataSource, Patience patience, String transactionId, ServerIdentity server) {
        super(dataSource, patience);
        this.transactionId = transactionId;
        this.server = server;
    }

    @Override
    Outcome ask(Connection connection) throws SQLException {
        boolean crashed = !serverAsked(connection).hasNotCrashedSince(server);
        return switch (status(connection, crashed)) {
            case "committed" -> {
                if (crashed) {
                    throw new NoAnswerException("PostgreSQL has crashed since transaction " + transactionId
                            + ": the one that is committed by this id may be another one");
                }
                yield Outcome.COMMITTED;
            }
            case "in progress" -> throw new SQLException("transaction " + transactionId + " is still in progress");
            default -> Outcome.ROLLED_BACK;
        };
    }

    private ServerIdentity serverAsked(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ServerIdentity.WITH_RECOVERY)) {
            statement.setQueryTimeout(seconds());
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                ServerIdentity asked = ServerIdentity.read(row);
                boolean isStandby = row.getBoolean(1);
                if (isStandby && asked.isOfClusterOf(server)) {
                    throw new SQLException("the server asked is a standby", "57P03");
                }
                if (!asked.sharesHistoryWith(server)) {
                    throw new NoAnswerException("Transaction " + transactionId + " ran on the server of " + server
                            + ", but the one asked is of " + asked + ", and cannot know what became of it");
                }
                return asked;
            }
        }
    }

    private String status(Connection connection, boolean crashed) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(STATUS)) {
            statement.setQueryTimeout(seconds());
            statement.setString(1, transactionId);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                String status = row.getString(1);
                if (row.getBoolean(2)) {
                    endWithin(PREPARED);
                    throw new SQLException("transaction " + transactionId + " is prepared, and nobody has ended it");
                }
                if (status == null) {
                    throw new NoAnswerException(
                            "PostgreSQL no longer knows what became of transaction " + transactionId);
                }
                return status;
            }
        } catch (SQLException e) {
            if (crashed && ID_OF_THE_FUTURE.equals(e.getSQLState())) {
                return "aborted"; // nothing of it had reached the disk
            }
            throw e;
        }
    }

    /** The server starts, is overloaded or cannot be reached; or the transaction is in progress. */
    @Override
    boolean isTransient(SQLException e) {
        String state = e.getSQLState();
        return state == null || state.startsWith("08") || state.startsWith("53") || state.startsWith("57");
    }

    @Override
    String unanswered(Duration limit) {
        return "PostgreSQL did not tell within " + limit + " what became of transaction " + transactionId;
    }
}
