package dev.commithooks.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** Builds embedded PostgreSQL servers the way the tests need them. */
final class EmbeddedServer {

    static final String USER = "postgres";
    static final String PASSWORD = "postgres";

    private EmbeddedServer() {}

    static EmbeddedPostgres.Builder builder() {
        // Its default folder belongs to whoever came first: root and an ordinary user would lock each other out.
        if (System.getProperty("ot.epg.working-dir") == null) {
            String folder = "embedded-pg-" + System.getProperty("user.name");
            System.setProperty(
                    "ot.epg.working-dir",
                    Path.of(System.getProperty("java.io.tmpdir"), folder).toString());
        }
        return EmbeddedPostgres.builder()
                .setServerConfig("max_connections", "200")
                .setServerConfig("max_prepared_transactions", "64");
    }

    static EmbeddedPostgres start(EmbeddedPostgres.Builder builder) {
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException("embedded PostgreSQL did not start", e);
        }
    }

    static String url(EmbeddedPostgres server) {
        return "jdbc:postgresql://localhost:" + server.getPort() + "/postgres";
    }
}
