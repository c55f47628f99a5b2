package dev.commithooks.testing;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.flywaydb.core.Flyway;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A PostgreSQL server on which databases for tests are cloned from a template that was migrated once.
 *
 * <p>Thread-safe.
 */
final class TestServer {

    private final String url;
    private final String user;
    private final String password;
    private final String prefix = "commithooks_" + UUID.randomUUID().toString().substring(0, 8);
    private final AtomicInteger clones = new AtomicInteger();

    /** Migrates the template. The user must be allowed to create databases. */
    TestServer(String url, String user, String password) {
        this.url = url;
        this.user = user;
        this.password = password;
        administer("create database " + template());
        Flyway.configure()
                .dataSource(dataSource(template()))
                .locations(migrations("db-migrations"), migrations("src/test/db"))
                .load()
                .migrate();
    }

    /** The server that all tests of this JVM share; started at first use. */
    static TestServer shared() {
        return Shared.SERVER;
    }

    private static final class Shared {
        static final TestServer SERVER = SharedServer.start();
    }

    /** This server's URL with another database's name in it. */
    String url(String database) {
        return url.replaceFirst("^(jdbc:postgresql:(?://[^/]*/)?)[^?]*", "$1" + database);
    }

    PGSimpleDataSource dataSource(String database) {
        return connectingTo(url(database));
    }

    String user() {
        return user;
    }

    String password() {
        return password;
    }

    String version() {
        try (Connection connection = administrator()) {
            return connection.getMetaData().getDatabaseProductVersion();
        } catch (SQLException e) {
            throw new IllegalStateException("the tests' database server did not tell its version", e);
        }
    }

    String cloneDatabase() {
        String name = prefix + "_" + clones.incrementAndGet();
        administer("create database " + name + " template " + template());
        return name;
    }

    /** Drops a database even if sessions or prepared transactions still use it. */
    void drop(String database) {
        try (Connection connection = dataSource(database).getConnection()) {
            rollbackPrepared(connection);
        } catch (SQLException unreachable) {
            // The drop below says what is wrong, if anything is.
        }
        administer("drop database if exists " + database + " with (force)");
    }

    void dropTemplate() {
        administer("drop database if exists " + template() + " with (force)");
    }

    static void rollbackPrepared(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            List<String> ids = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery(
                    "select quote_literal(gid) from pg_prepared_xacts where database = current_database()")) {
                while (rows.next()) {
                    ids.add(rows.getString(1));
                }
            }
            for (String id : ids) {
                statement.execute("rollback prepared " + id);
            }
        }
    }

    private String template() {
        return prefix + "_template";
    }

    private static String migrations(String folder) {
        return "filesystem:"
                + Path.of(System.getProperty("basedir", ""), folder).toAbsolutePath();
    }

    private void administer(String sql) {
        try (Connection connection = administrator();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException("the tests' database server refused: " + sql, e);
        }
    }

    private Connection administrator() throws SQLException {
        return connectingTo(url).getConnection();
    }

    private PGSimpleDataSource connectingTo(String target) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setURL(target);
        dataSource.setUser(user);
        dataSource.setPassword(password);
        return dataSource;
    }
}
