package database;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The database an example runs on: a PostgreSQL of its own, out of a jar, with the bookshop's tables; or, where a JDBC URL
 * is given, one that has these tables already.
 */
public final class ExampleDatabase implements AutoCloseable {

    static {
        // An example's output is the example's.
        System.setProperty("org.jooq.no-logo", "true");
        System.setProperty("org.jooq.no-tips", "true");
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn");
    }

    private final DataSource dataSource;
    private final AutoCloseable server;

    private ExampleDatabase(DataSource dataSource, AutoCloseable server) {
        this.dataSource = dataSource;
        this.server = server;
    }

    /** Takes a program's arguments: nothing, or URL, user and password. */
    public static ExampleDatabase open(String... args) {
        if (args.length == 0) {
            return embedded();
        }
        if (args.length != 3) {
            throw new IllegalArgumentException("no arguments for an embedded database, or: URL USER PASSWORD");
        }
        PGSimpleDataSource given = new PGSimpleDataSource();
        given.setURL(args[0]);
        given.setUser(args[1]);
        given.setPassword(args[2]);
        return new ExampleDatabase(given, () -> {});
    }

    private static ExampleDatabase embedded() {
        Path folder = Path.of(System.getProperty("java.io.tmpdir"), "embedded-pg-" + System.getProperty("user.name"));
        System.setProperty("ot.epg.working-dir", folder.toString());
        try {
            EmbeddedPostgres server = EmbeddedPostgres.builder()
                    .setServerConfig("max_prepared_transactions", "10")
                    .start();
            Flyway.configure()
                    .dataSource(server.getPostgresDatabase())
                    .locations("filesystem:" + Path.of("db-migrations").toAbsolutePath())
                    .load()
                    .migrate();
            return new ExampleDatabase(server.getPostgresDatabase(), server);
        } catch (IOException e) {
            throw new UncheckedIOException("embedded PostgreSQL did not start", e);
        }
    }

    /** Opens a new connection each time it is asked. */
    public DataSource dataSource() {
        return dataSource;
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (Exception e) {
            throw new IllegalStateException("the example's database did not stop", e);
        }
    }
}
