package dev.commithooks.resolver;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jooq.SQLDialect;
import org.jspecify.annotations.Nullable;

/** The two tables of a {@link MarkerOutcomeResolver}, in one database. Immutable. */
final class MarkerTables {

    /** The decisions that a row of the table of markers stands for. */
    enum Decision {
        /** Written by the transaction itself. */
        COMMITTED,
        /** Written by whoever asked, once the transaction can no longer write its own. */
        ROLLED_BACK
    }

    private static final String ADD = "insert into commit_marker (id, decision, expires_at)"
            + " select ?, ?, ? from commit_marker_home where id = ?";
    private static final String READ = "select decision from commit_marker where id = ?";
    private static final String READ_HOME = "select min(id) from commit_marker_home";
    private static final String SWEEP = "delete from commit_marker where expires_at < ?";

    private MarkerTables() {}

    /** Work on a connection. */
    interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    /**
     * Does work in a transaction at READ COMMITTED, rolls back what the work has not committed, and leaves the connection as it
     * was. A lower level sees what nobody has committed; a higher one locks more than the rows it looks at.
     */
    static <T> T transaction(Connection connection, Work<T> work) throws SQLException {
        boolean autoCommit = connection.getAutoCommit();
        connection.setAutoCommit(true);
        int isolation = connection.getTransactionIsolation();
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        connection.setAutoCommit(false);
        try {
            return work.on(connection);
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
            connection.setTransactionIsolation(isolation);
            connection.setAutoCommit(autoCommit);
        }
    }

    /** The statements that make the tables; a database's home is told from any other's by a random text. */
    static List<String> ddl(SQLDialect dialect) {
        String random = switch (dialect.family()) {
            case POSTGRES -> "cast(gen_random_uuid() as varchar(36))";
            case H2 -> "cast(random_uuid() as varchar(36))";
            case MARIADB, MYSQL -> "uuid()";
            case SQLITE -> "lower(hex(randomblob(16)))";
            default ->
                throw new IllegalArgumentException("No statements are known that make the tables of markers on "
                        + dialect + ": PostgreSQL, MariaDB, MySQL, H2 and SQLite have some");
        };
        boolean isMysql = List.of("MARIADB", "MYSQL").contains(dialect.family().name());
        String engine = isMysql ? " engine = InnoDB" : "";
        return List.of(
                "create table commit_marker (id varchar(36) not null primary key, decision varchar(11) not null,"
                        + " expires_at bigint not null)" + engine,
                "create index commit_marker_expires_at on commit_marker (expires_at)",
                "create table commit_marker_home (id varchar(36) not null primary key)" + engine,
                "insert into commit_marker_home (id) values (" + random + ")");
    }

    /** The text that this database is known by; null where somebody has deleted it. */
    static @Nullable String home(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(READ_HOME);
                ResultSet row = select.executeQuery()) {
            row.next();
            return row.getString(1);
        }
    }

    /**
     * Adds a row, and waits for whoever has added the same one and is not done.
     *
     * @return false when this is another database than that of the home
     */
    static boolean add(Connection connection, Marker marker, Decision decision, int seconds) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(ADD)) {
            insert.setQueryTimeout(seconds);
            insert.setString(1, marker.id());
            insert.setString(2, decision.name());
            insert.setLong(3, marker.expiresAt());
            insert.setString(4, marker.home());
            return insert.executeUpdate() == 1;
        }
    }

    /** What is decided for good; empty where nothing is yet. */
    static Optional<Decision> read(Connection connection, Marker marker, int seconds) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(READ)) {
            select.setQueryTimeout(seconds);
            select.setString(1, marker.id());
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(Decision.valueOf(row.getString(1))) : Optional.empty();
            }
        }
    }

    /** Deletes the rows whose time has passed, and gives their number. */
    static int sweep(Connection connection, long now) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(SWEEP)) {
            delete.setLong(1, now);
            int deleted = delete.executeUpdate();
            connection.commit();
            return deleted;
        }
    }
}
