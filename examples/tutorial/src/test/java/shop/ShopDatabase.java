package shop;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/** A PostgreSQL out of a jar, with the shop's tables; one for all tests. */
final class ShopDatabase {

    private static final class Started {
        private static final DataSource DATA_SOURCE = start();
    }

    private ShopDatabase() {}

    static DataSource dataSource() {
        return Started.DATA_SOURCE;
    }

    private static DataSource start() {
        try {
            DataSource dataSource = EmbeddedPostgres.start().getPostgresDatabase();
            Flyway.configure().dataSource(dataSource).load().migrate();
            return dataSource;
        } catch (IOException e) {
            throw new UncheckedIOException("embedded PostgreSQL did not start", e);
        }
    }
}
