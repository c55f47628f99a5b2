package shop;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;

/** A PostgreSQL of the shop's own, out of a jar. */
@TestConfiguration(proxyBeanMethods = false)
class EmbeddedDatabase {

    @Bean(destroyMethod = "close")
    EmbeddedPostgres server() throws IOException {
        Path folder = Path.of(System.getProperty("java.io.tmpdir"), "embedded-pg-" + System.getProperty("user.name"));
        System.setProperty("ot.epg.working-dir", folder.toString());
        return EmbeddedPostgres.start();
    }

    @Bean
    DataSource dataSource(EmbeddedPostgres server) {
        return server.getPostgresDatabase();
    }
}
