package dev.commithooks.testing;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/**
 * A database of the test's own with the bookshop's tables, cloned in some dozen milliseconds, and gone when closed.
 *
 * <p>A journal in it notes every row that a committed transaction wrote. Not thread-safe, but what it hands out (data
 * sources, pools) is.
 */
public final class TestDatabase implements AutoCloseable {

    private final TestServer server;
    private final String name;
    private final List<HikariDataSource> pools = new ArrayList<>();
    private int poolsToKeep;
    private @Nullable Connection ownConnection;

    TestDatabase(TestServer server) {
        this.server = server;
        this.name = server.cloneDatabase();
    }

    /** A fresh database on the server that all tests share. */
    public static TestDatabase create() {
        return new TestDatabase(TestServer.shared());
    }

    public String name() {
        return name;
    }

    public String jdbcUrl() {
        return server.url(name);
    }

    public String user() {
        return server.user();
    }

    public String password() {
        return server.password();
    }

    /** Opens a new connection each time it is asked, in autocommit mode. */
    public DataSource simpleDataSource() {
        return server.dataSource(name);
    }

    /** A pool with the usual settings. */
    public HikariDataSource pool(int size) {
        return pool(size, config -> config);
    }

    /**
     * A pool that connects when asked for a connection, at most {@code size} times, and gives up after two seconds. What
     * a test opens is closed after it.
     */
    public HikariDataSource pool(int size, UnaryOperator<HikariConfig> settings) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(name + "-pool-" + (pools.size() + 1));
        config.setDataSource(simpleDataSource());
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(2_000);
        HikariDataSource pool = new HikariDataSource(settings.apply(config));
        pools.add(pool);
        return pool;
    }

    /** Plain jOOQ without hooks, to prepare rows and to see what is really there. */
    public DSLContext dsl() {
        return DSL.using(simpleDataSource(), SQLDialect.POSTGRES);
    }

    /** What committed transactions wrote since the last reset, in the order of writing. */
    public List<JournalEntry> journal() {
        return withOwnConnection(connection -> {
            List<JournalEntry> entries = new ArrayList<>();
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(JournalEntry.QUERY)) {
                while (rows.next()) {
                    entries.add(JournalEntry.read(rows));
                }
            }
            return List.copyOf(entries);
        });
    }

    /** Empties all tables and the journal, and starts identities again at 1. */
    public void reset() {
        withOwnConnection(connection -> {
            TestServer.rollbackPrepared(connection);
            return execute(connection, "select journal.reset()");
        });
    }

    @Override
    public void close() {
        pools.forEach(HikariDataSource::close);
        closeOwnConnection();
        server.drop(name);
    }

    void keepPoolsOpenedSoFar() {
        poolsToKeep = pools.size();
    }

    void closePoolsOfThisTest() {
        List<HikariDataSource> opened = pools.subList(poolsToKeep, pools.size());
        opened.forEach(HikariDataSource::close);
        opened.clear();
    }

    /** What is still going on in this database besides the fixture's own connection. */
    List<String> leftovers(Duration grace) {
        return withOwnConnection(connection -> new Leftovers(connection, pools).after(grace));
    }

    void terminateOtherSessions() {
        withOwnConnection(connection -> {
            TestServer.rollbackPrepared(connection);
            return execute(
                    connection,
                    "select pg_terminate_backend(pid) from pg_stat_activity"
                            + " where datname = current_database() and pid <> pg_backend_pid()");
        });
    }

    private static boolean execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.execute(sql);
        }
    }

    private interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    private <T> T withOwnConnection(Work<T> work) {
        try {
            // A test may have restarted the server.
            if (ownConnection == null || !ownConnection.isValid(5)) {
                closeOwnConnection();
                ownConnection = simpleDataSource().getConnection();
            }
            return work.on(ownConnection);
        } catch (SQLException e) {
            throw new IllegalStateException("the fixture's own work in " + name + " failed: " + e.getMessage(), e);
        }
    }

    private void closeOwnConnection() {
        try {
            if (ownConnection != null) {
                ownConnection.close();
            }
        } catch (SQLException broken) {
            // Closed is closed.
        }
        ownConnection = null;
    }
}
