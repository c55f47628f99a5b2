package dev.commithooks.durable;

import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.CommitHooks;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;

/** What is not code: the statements that make the tables, and the libraries that are there or not. */
@Database
class DurableSchemaTest {

    private final TestDatabase database;

    DurableSchemaTest(TestDatabase database) {
        this.database = database;
    }

    @Test
    void migrationIsWhatTheJarHas() throws IOException {
        assertThat(Files.readString(Path.of("db-migrations/V5__durable_hooks.sql")))
                .isEqualTo(DbSchedulerDelivery.ddl() + "\n" + OutboxTable.ddl());
    }

    @Test
    void tableMayHaveAnotherNameAndSchema() {
        DeliverySettings settings = Deliveries.QUICK.table("jobs.deliveries");
        database.dsl().execute("create schema jobs");
        database.dsl().execute(settings.ddl());
        List<String> calls = new CopyOnWriteArrayList<>();
        try (DbSchedulerDelivery node = DbSchedulerDelivery.on(database.pool(4), settings)) {
            DSLContext dsl = CommitHooks.builder()
                    .durableCallback("ship", (text, ctx) -> calls.add(text))
                    .durable(node)
                    .build()
                    .attachTo(DSL.using(database.simpleDataSource(), SQLDialect.POSTGRES));
            dsl.transaction(tx -> CommitHooks.current(tx).handOver("ship", "it"));
            assertThat(database.dsl().fetchValue("select state from jobs.deliveries_status"))
                    .isEqualTo("waiting");
            node.start();
            Deliveries.drained(node);
        }
        assertThat(calls).containsExactly("it");
        assertThat(database.dsl().fetchValue("select count(*) from hook_delivery"))
                .isEqualTo(0L);
    }

    @Test
    void hooksThatAreNotDurableNeedNeitherTheSchedulerNorItsLogger() throws IOException, InterruptedException {
        String classPath = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.matches(".*(db-scheduler|slf4j).*"))
                .collect(Collectors.joining(File.pathSeparator));
        assertThat(classPath).isNotEqualTo(System.getProperty("java.class.path"));

        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        classPath,
                        WithoutScheduler.class.getName(),
                        database.jdbcUrl(),
                        database.user(),
                        database.password())
                .redirectErrorStream(true)
                .start();

        assertThat(new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
                .endsWith("told of Tehanu, 1 in the outbox\n");
        assertThat(process.waitFor()).isZero();
    }
}
