package dev.commithooks.durable;

import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.shop.tables.records.BookRecord;
import dev.commithooks.fixture.OwnServer;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.fixture.Waiting;
import io.debezium.embedded.Connect;
import io.debezium.engine.DebeziumEngine;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.source.SourceRecord;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.JSONB;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The outbox read by Debezium itself, with the configuration in docs. Not among the tests of each build, since Debezium is 70
 * libraries: {@code ./mvnw -Pdebezium test}.
 */
class OutboxThroughDebezium {

    private final OwnServer server = OwnServer.launch(Map.of("wal_level", "logical"));
    private final TestDatabase database = server.createDatabase();
    private final List<SourceRecord> events = new CopyOnWriteArrayList<>();
    private final DSLContext dsl = CommitHooks.builder()
            .participant(OutboxTable.of(BOOK)
                    .topic(change -> "shop." + change.table().getName()))
            .build()
            .attachTo(DSL.using(database.simpleDataSource(), SQLDialect.POSTGRES));

    private @TempDir Path folder;

    @AfterEach
    void closeTheServer() {
        database.dsl()
                .fetch(
                        "select pg_drop_replication_slot(slot_name) from pg_replication_slots where database = current_database()");
        database.close();
        server.close();
    }

    /** A connector that runs. */
    private final class Running implements AutoCloseable {

        private final DebeziumEngine<?> engine;
        private final ExecutorService thread = Executors.newSingleThreadExecutor();

        Running() throws IOException {
            engine = DebeziumEngine.create(Connect.class)
                    .using(configuration())
                    .notifying(event -> {
                        if (event.value().topic().startsWith("shop.")) {
                            events.add(event.value());
                        }
                    })
                    .build();
            thread.execute(engine);
        }

        void hasSent(int count) {
            Waiting.until(() -> events.size() == count);
        }

        @Override
        public void close() throws IOException {
            engine.close();
            thread.shutdown();
            try {
                assertThat(thread.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The file in docs, on this database. */
    private Properties configuration() throws IOException {
        Properties configuration = new Properties();
        try (Reader file = Files.newBufferedReader(Path.of("docs/debezium-outbox.properties"))) {
            configuration.load(file);
        }
        configuration.putAll(Map.of(
                "database.port", String.valueOf(server.port()),
                "database.user", database.user(),
                "database.password", database.password(),
                "database.dbname", database.name(),
                "offset.storage", "org.apache.kafka.connect.storage.FileOffsetBackingStore",
                "offset.storage.file.filename", folder.resolve("offsets").toString(),
                "offset.flush.interval.ms", "0"));
        return configuration;
    }

    private BookRecord store(Configuration tx, String title) {
        BookRecord book = tx.dsl().newRecord(BOOK);
        book.setTitle(title);
        book.setIsbn(null);
        book.store();
        return book;
    }

    private static String header(SourceRecord event, String name) {
        return String.valueOf(event.headers().lastWithName(name).value());
    }

    private static @Nullable JSONB payload(SourceRecord event) {
        return JSONB.jsonb(String.valueOf(event.value()));
    }

    private static Map<?, ?> image(SourceRecord event, String which) {
        return (Map<?, ?>) ((Map<?, ?>) Json.parse(String.valueOf(event.value()))).get(which);
    }

    @Test
    void eachChangeArrivesOnceWithItsKeyTypeAndImagesAndNullIsNotUnknown() throws IOException {
        database.dsl().execute("create publication hook_outbox for table hook_outbox with (publish = 'insert')");
        dsl.transaction(tx -> store(tx, "before the connector was there"));
        long first;
        try (Running connector = new Running()) {
            connector.hasSent(1);
            first = dsl.transactionResult(tx -> store(tx, "Tehanu").getId());
            dsl.transaction(tx -> {
                BookRecord book = tx.dsl().fetchSingle(BOOK, BOOK.ID.eq(first));
                book.setTitle("Lavinia");
                book.store();
            });
            assertThatThrownBy(() -> dsl.transaction(tx -> {
                        store(tx, "never committed");
                        throw new IllegalStateException("no");
                    }))
                    .hasMessage("no");
            dsl.transaction(tx -> tx.dsl().fetchSingle(BOOK, BOOK.ID.eq(first)).delete());
            connector.hasSent(4);
        }

        assertThat(events)
                .extracting(event -> event.topic() + " " + event.key() + " " + header(event, "type"))
                .containsExactly(
                        "shop.book 1 insert",
                        "shop.book " + first + " insert",
                        "shop.book " + first + " update",
                        "shop.book " + first + " delete");
        assertThat(events).extracting(event -> header(event, "seq")).containsExactly("1", "2", "3", "4");
        assertThat(events.stream().map(OutboxThroughDebezium::payload))
                .as("as they are stored")
                .isEqualTo(database.dsl()
                        .fetch("select payload from hook_outbox order by seq")
                        .getValues(0, JSONB.class));
        assertThat(events)
                .extracting(event -> header(event, "id"))
                .isEqualTo(database.dsl()
                        .fetch("select id from hook_outbox order by seq")
                        .getValues(0, String.class));
        imagesHaveWhatIsKnown();
    }

    private void imagesHaveWhatIsKnown() {
        Map<?, ?> inserted = image(events.get(1), "after");
        assertThat(inserted.get("title")).isEqualTo("Tehanu");
        assertThat(inserted.containsKey("isbn")).as("set to null").isTrue();
        assertThat(inserted.get("isbn")).isNull();
        assertThat(inserted.containsKey("price")).as("left to the database").isFalse();
        assertThat(image(events.get(2), "before").get("title")).isEqualTo("Tehanu");
        assertThat(image(events.get(2), "after").get("title")).isEqualTo("Lavinia");
        assertThat(image(events.get(3), "before").get("title")).isEqualTo("Lavinia");
        assertThat(image(events.get(3), "before").containsKey("cover")).isTrue();
    }

    @Test
    void connectorThatWasAwayGetsWhatItMissedAndNothingTwiceAndNoDeletesOfOldRows() throws IOException {
        database.dsl().execute("create publication hook_outbox for table hook_outbox with (publish = 'insert')");
        try (Running connector = new Running()) {
            dsl.transaction(tx -> store(tx, "one"));
            connector.hasSent(1);
        }
        dsl.transaction(tx -> store(tx, "two"));
        database.dsl().execute("delete from hook_outbox");
        try (Running connector = new Running()) {
            dsl.transaction(tx -> store(tx, "three"));
            connector.hasSent(3);
        }

        assertThat(events)
                .extracting(event -> String.valueOf(image(event, "after").get("title")))
                .containsExactly("one", "two", "three");
    }
}
