package dev.commithooks.recording;

import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static dev.commithooks.bookshop.shop.Tables.PAGE_VIEW;
import static dev.commithooks.bookshop.shop.Tables.STOCK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.bookshop.shop.tables.records.BookRecord;
import dev.commithooks.bookshop.shop.tables.records.StockRecord;
import dev.commithooks.change.Change;
import dev.commithooks.change.Deleted;
import dev.commithooks.change.Inserted;
import dev.commithooks.change.Updated;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.JournalEntry;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.OldRows;
import dev.commithooks.policy.Recording;
import java.sql.BatchUpdateException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jooq.BatchBindStep;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** JDBC batches of statements on tables with columns of any length: as fast as they were, and nothing untrue is told. */
@Database
@Needs(Ability.CAPTURED_STATEMENTS)
class BatchStatementTest {

    private static final int ROWS = 300;
    private static final String LONG = "long ".repeat(1_000);

    private final TestDatabase database;
    private final int serverVersion;
    private int prepared;

    BatchStatementTest(TestDatabase database) {
        this.database = database;
        this.serverVersion = database.postgresVersion();
    }

    @BeforeEach
    void prepare() {
        DSLContext dsl = database.dsl();
        dsl.insertInto(STOCK, STOCK.ISBN, STOCK.SHELF)
                .select(DSL.select(DSL.field("n::text", String.class), DSL.inline("here"))
                        .from("generate_series(1, " + ROWS + ") as s(n)"))
                .execute();
        dsl.execute("insert into book (id, title, tags, metadata, cover)"
                + " select n, 'title ' || n, array['a', 'b'], '{\"pages\": 7}', '\\x01' from generate_series(1, " + ROWS
                + ") as s(n)");
        prepared = database.journal().size();
    }

    private void assertThatWhatWasToldIsWhatWasWritten(Shop shop) {
        List<JournalEntry> journal = database.journal();
        shop.assertThatWhatWasToldIs(journal.subList(prepared, journal.size()));
    }

    /** The driver's own word for the end of a round trip. */
    private static int roundTrips(Runnable work) {
        Logger driver = Logger.getLogger("org.postgresql.core.v3.QueryExecutorImpl");
        AtomicInteger syncs = new AtomicInteger();
        long thread = Thread.currentThread().getId();
        Handler counter = new Handler() {
            @Override
            public void publish(LogRecord record) {
                if (record.getLongThreadID() == thread && record.getMessage().startsWith(" FE=> Sync")) {
                    syncs.incrementAndGet();
                }
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Level level = driver.getLevel();
        boolean isForOthers = driver.getUseParentHandlers();
        driver.setUseParentHandlers(false);
        driver.addHandler(counter);
        driver.setLevel(Level.FINEST);
        try {
            work.run();
        } finally {
            driver.setLevel(level);
            driver.removeHandler(counter);
            driver.setUseParentHandlers(isForOthers);
        }
        return syncs.get();
    }

    private static void updateStock(DSLContext dsl) {
        BatchBindStep batch =
                dsl.batch(dsl.update(STOCK).set(STOCK.SHELF, (String) null).where(STOCK.ISBN.eq((String) null)));
        for (int i = 1; i <= ROWS; i++) {
            batch = batch.bind("shelf " + i, String.valueOf(i));
        }
        assertThat(Arrays.stream(batch.execute()).sum()).isEqualTo(ROWS);
    }

    private static void updateBooks(DSLContext dsl) {
        BatchBindStep batch =
                dsl.batch(dsl.update(BOOK).set(BOOK.TITLE, (String) null).where(BOOK.ID.eq((Long) null)));
        for (long i = 1; i <= ROWS; i++) {
            batch = batch.bind("new title " + i, i);
        }
        assertThat(Arrays.stream(batch.execute()).sum()).isEqualTo(ROWS);
    }

    @Test
    void batchMakesNoRoundTripForEachRow() {
        DSLContext plain = database.dsl(database.pool(1));
        Shop shop = Shop.in(database);
        int plainTrips = roundTrips(() -> plain.transaction(tx -> {
            updateStock(tx.dsl());
            updateBooks(tx.dsl());
        }));
        database.dsl().update(STOCK).set(STOCK.SHELF, "here").execute();
        prepared = database.journal().size();
        int hookedTrips = roundTrips(() -> shop.transaction(dsl -> {
            updateStock(dsl);
            updateBooks(dsl);
        }));
        assertThat(plainTrips).isPositive();
        assertThat(hookedTrips).isLessThan(plainTrips + 60);
        assertThatWhatWasToldIsWhatWasWritten(shop);
        assertThat(shop.after()).hasSize(2 * ROWS);
    }

    @Test
    void whatABatchDoesNotReturnIsReadAfterwardsAndIsUnknownBefore() {
        Shop shop = Shop.in(database);
        shop.transaction(
                dsl -> dsl.batch(dsl.update(BOOK).set(BOOK.TITLE, (String) null).where(BOOK.ID.eq((Long) null)))
                        .bind("short", 1L)
                        .bind(LONG, 2L)
                        .bind("short again", 2L)
                        .bind(LONG, 3L)
                        .execute());
        assertThatWhatWasToldIsWhatWasWritten(shop);
        List<Change<?>> told = shop.after();
        assertThat(told)
                .extracting(change -> ((Updated<?>) change)
                        .changedFields().stream().map(Field::getName).toList())
                .containsExactly(List.of("title"), List.of(), List.of("title"), List.of("title"));
        Updated<?> first = (Updated<?>) told.get(0);
        assertThat(first.row().get(BOOK.TAGS)).containsExactly("a", "b");
        assertThat(first.row().get(BOOK.METADATA)).isEqualTo(JSONB.valueOf("{\"pages\": 7}"));
        assertThat(first.row().get(BOOK.COVER)).containsExactly(1);
        assertThat(first.knewOld(BOOK.TAGS)).isFalse();
        assertThat(first.knewOld(BOOK.TITLE)).isEqualTo(serverVersion >= 18);
        assertThat(((Updated<?>) told.get(1)).knows(BOOK.TITLE)).isFalse();
        assertThat(((Updated<?>) told.get(2)).knewOld(BOOK.TITLE)).isFalse();
        assertThat(((Updated<?>) told.get(3)).row().get(BOOK.TITLE)).isEqualTo(LONG);
        assertThat(database.dsl().fetchValue(BOOK.TITLE, BOOK.ID.eq(3L))).isEqualTo(LONG);
    }

    @Test
    void batchOfInsertsAndDeletesIsToldOfAsItWas() {
        Shop shop = Shop.in(database);
        shop.transaction(dsl -> {
            dsl.batch(dsl.insertInto(STOCK, STOCK.ISBN, STOCK.SHELF).values((String) null, null))
                    .bind("new", LONG)
                    .bind("other", null)
                    .execute();
            dsl.batch(dsl.deleteFrom(STOCK).where(STOCK.ISBN.eq((String) null)))
                    .bind("new")
                    .bind("other")
                    .execute();
        });
        assertThatWhatWasToldIsWhatWasWritten(shop);
        List<Change<?>> told = shop.after();
        assertThat(((Inserted<?>) told.get(0)).row().get(STOCK.SHELF)).isEqualTo(LONG);
        assertThat(((Inserted<?>) told.get(1)).knows(STOCK.SHELF)).isTrue();
        assertThat(((Deleted<?>) told.get(2)).knew(STOCK.SHELF)).isFalse();
        assertThat(((Deleted<?>) told.get(2)).oldRow().get(STOCK.ISBN)).isEqualTo("new");
        assertThat(((Deleted<?>) told.get(3)).knew(STOCK.SHELF)).isTrue();
    }

    @Test
    void whoWantsOldRowsFromTheDatabaseHasAllOfThem() {
        Shop shop = Shop.in(database, builder -> builder.oldRows(OldRows.FROM_DATABASE));
        shop.transaction(
                dsl -> dsl.batch(dsl.update(BOOK).set(BOOK.TITLE, (String) null).where(BOOK.ID.eq((Long) null)))
                        .bind(LONG, 1L)
                        .bind("short", 1L)
                        .execute());
        assertThatWhatWasToldIsWhatWasWritten(shop);
        List<Change<?>> told = shop.after();
        assertThat(((Updated<?>) told.get(1)).row().get(BOOK.TITLE)).isEqualTo("short");
        if (serverVersion >= 18) {
            assertThat(((Updated<?>) told.get(1)).oldRow().get(BOOK.TITLE)).isEqualTo(LONG);
            assertThat(((Updated<?>) told.get(0)).oldRow().get(BOOK.TAGS)).containsExactly("a", "b");
        }
    }

    /** A record's batch needs no RETURNING: the record knows its row. */
    @Test
    void recordsInABatchAreKnownByTheirRecords() {
        Shop shop = Shop.in(database);
        shop.transaction(dsl -> {
            List<BookRecord> books = dsl.fetch(BOOK, BOOK.ID.le(2L));
            books.forEach(book -> book.setTitle(LONG));
            dsl.batchStore(books).execute();
            StockRecord stock = dsl.fetchSingle(STOCK, STOCK.ISBN.eq("1"));
            dsl.batchDelete(stock).execute();
        });
        assertThatWhatWasToldIsWhatWasWritten(shop);
        List<Change<?>> told = shop.after();
        assertThat(((Updated<?>) told.get(0)).row().get(BOOK.TITLE)).isEqualTo(LONG);
        assertThat(((Updated<?>) told.get(0)).oldRow().get(BOOK.TITLE)).isEqualTo("title 1");
        assertThat(((Deleted<?>) told.get(2)).oldRow().get(STOCK.SHELF)).isEqualTo("here");
    }

    private static String severalQueries(DSLContext dsl, int quantity) {
        AtomicReference<String> result = new AtomicReference<>();
        try {
            dsl.transaction(tx -> {
                DSLContext inside = tx.dsl();
                try {
                    result.set(Arrays.toString(inside.batch(
                                    inside.update(STOCK)
                                            .set(STOCK.SHELF, "x")
                                            .where(STOCK.ISBN.in("1", "2", "nowhere")),
                                    inside.insertInto(PAGE_VIEW, PAGE_VIEW.PATH).values("/"),
                                    inside.update(BOOK)
                                            .set(BOOK.TAGS, new String[] {"c"})
                                            .where(BOOK.ID.eq(1L)),
                                    inside.update(STOCK)
                                            .set(STOCK.QUANTITY, quantity)
                                            .where(STOCK.ISBN.eq("1")),
                                    inside.deleteFrom(STOCK).where(STOCK.ISBN.eq("2")))
                            .execute()));
                } catch (DataAccessException e) {
                    BatchUpdateException cause = (BatchUpdateException) e.getCause();
                    result.set(e.sqlState() + Arrays.toString(cause.getUpdateCounts()) + e.getMessage());
                    throw e;
                }
            });
        } catch (DataAccessException rolledBack) {
            assertThat(quantity).isNegative();
        }
        return result.get();
    }

    /** As they do outside of hooks, rows and errors alike. */
    @ParameterizedTest
    @ValueSource(ints = {5, -5})
    void severalQueriesAreRecordedOneByOneWhereThatIsWanted(int quantity) {
        Shop shop = Shop.in(database, builder -> builder.recording(Recording.BATCHED_QUERIES_TOO));
        String hooked = severalQueries(shop.dsl(), quantity);
        List<JournalEntry> journal = database.journal();
        List<JournalEntry> written = journal.subList(prepared, journal.size());
        assertThat(shop.bypasses()).isEmpty();
        shop.assertThatWhatWasToldIs(written);
        assertThat(shop.after()).hasSize(quantity < 0 ? 0 : 6);
        database.reset();
        prepare();
        String plain = severalQueries(database.dsl(database.pool(1)), quantity);
        assertThat(hooked).isEqualTo(plain);
        List<JournalEntry> plainJournal = database.journal();
        assertThat(plainJournal.subList(prepared, plainJournal.size())).hasSameSizeAs(written);
    }

    @Test
    void severalQueriesAreReportedWhereNothingElseIsWanted() {
        Shop shop = Shop.in(database);
        severalQueries(shop.dsl(), 5);
        assertThat(shop.bypasses())
                .containsExactly("public.stock", "public.page_view", "public.book", "public.stock", "public.stock");
        assertThat(shop.after()).isEmpty();
    }
}
