package dev.commithooks.storage;

import static dev.commithooks.bookshop.press.Keys.HOUSE_NAME_KEY;
import static dev.commithooks.bookshop.press.Tables.HOUSE;
import static dev.commithooks.bookshop.shop.Keys.BOOK_ISBN_KEY;
import static dev.commithooks.bookshop.shop.Keys.BOOK_PKEY;
import static dev.commithooks.bookshop.shop.Keys.PARCEL_PKEY;
import static dev.commithooks.bookshop.shop.Keys.SALE_PKEY;
import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static dev.commithooks.bookshop.shop.Tables.PARCEL;
import static dev.commithooks.bookshop.shop.Tables.SALE;
import static dev.commithooks.bookshop.warehouse.Keys.STOCK_ISBN_BIN_KEY;
import static dev.commithooks.bookshop.warehouse.Tables.STOCK;
import static dev.commithooks.storage.Resolved.Origin.CREATED;
import static dev.commithooks.storage.Resolved.Origin.FOUND;
import static dev.commithooks.storage.Resolved.Origin.UPDATED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.Transactions;
import dev.commithooks.bookshop.press.tables.records.HouseRecord;
import dev.commithooks.bookshop.shop.tables.records.BookRecord;
import dev.commithooks.bookshop.shop.tables.records.ParcelRecord;
import dev.commithooks.bookshop.shop.tables.records.SaleRecord;
import dev.commithooks.bookshop.warehouse.tables.records.StockRecord;
import dev.commithooks.fixture.Crowd;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.JournalEntry.Operation;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.RetryPolicy;
import dev.commithooks.transaction.IsolationLevel;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.UniqueKey;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A key has one row, whoever asks for it first and how many do at a time; hooks hear of the one that was created. */
@Database
class FindOrCreateTest {

    private final TestDatabase database;
    private final HookJournal journal = new HookJournal();
    private final DSLContext dsl;
    private final Storage storage;

    FindOrCreateTest(TestDatabase database) {
        this.database = database;
        this.dsl = CommitHooks.builder()
                .registerAll(journal)
                .build()
                .attachTo(DSL.using(database.pool(3), SQLDialect.POSTGRES));
        this.storage = Storage.on(dsl);
    }

    @Test
    void theFirstCreatesTheSecondFinds() {
        HouseRecord candidate = house("Gollancz");

        Resolved<HouseRecord> first = storage.findOrCreate(HOUSE_NAME_KEY, candidate);
        Resolved<HouseRecord> second = storage.findOrCreate(HOUSE_NAME_KEY, candidate);

        assertThat(first.origin()).isEqualTo(CREATED);
        assertThat(second.origin()).isEqualTo(FOUND);
        assertThat(second.row()).isEqualTo(first.row());
        assertThat(first.row().getId()).isEqualTo(1);
        assertThat(first.row().configuration()).isSameAs(dsl.configuration());
        assertThat(candidate.getId()).isNull();
        assertThat(database.journal()).hasSize(1);
        assertThat(journal.events()).containsExactly("before insert house[1]", "after insert house[1]");
        first.row().setName("Ace");
        assertThat(first.row().store()).isEqualTo(1);
        assertThat(database.dsl().fetchValues(HOUSE.NAME)).containsExactly("Ace");
    }

    @Test
    void whatIsRolledBackIsNotThereTheNextTime() {
        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    assertThat(Storage.on(tx)
                                    .findOrCreate(HOUSE_NAME_KEY, house("Ace"))
                                    .isCreated())
                            .isTrue();
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");

        assertThat(storage.findOrCreate(HOUSE_NAME_KEY, house("Ace")).isCreated())
                .isTrue();
        assertThat(journal.events())
                .containsExactly("failed WORK insert house[1]", "before insert house[2]", "after insert house[2]");
    }

    @Test
    void manyAreResolvedInTheirOrder() {
        storage.findOrCreate(HOUSE_NAME_KEY, house("there"));
        journal.drain();
        List<HouseRecord> candidates =
                List.of(house("b"), house("there"), house("a"), house("b"), house("there"), house("c"));

        List<Resolved<HouseRecord>> resolved = storage.findOrCreateAll(HOUSE_NAME_KEY, candidates);

        assertThat(resolved)
                .extracting(one -> one.row().getName())
                .containsExactly("b", "there", "a", "b", "there", "c");
        assertThat(resolved)
                .extracting(Resolved::origin)
                .containsExactly(CREATED, FOUND, CREATED, FOUND, FOUND, CREATED);
        assertThat(resolved.get(3).row().getId())
                .isEqualTo(resolved.get(0).row().getId());
        assertThat(journal.drain())
                .filteredOn(event -> event.startsWith("after"))
                .hasSize(3)
                .allMatch(event -> event.startsWith("after insert house"));
        assertThat(database.dsl().fetchCount(HOUSE)).isEqualTo(4);
    }

    @Test
    void moreThanAStatementHolds() {
        List<HouseRecord> candidates = new ArrayList<>();
        for (int i = 0; i < 2_500; i++) {
            candidates.add(house("house " + i));
        }

        assertThat(storage.findOrCreateAll(HOUSE_NAME_KEY, candidates)).allMatch(Resolved::isCreated);
        assertThat(storage.findOrCreateAll(HOUSE_NAME_KEY, candidates)).noneMatch(Resolved::isCreated);
    }

    @Test
    void candidatesMayGiveDifferentColumns() {
        StockRecord plain = stock("1", "A");
        StockRecord counted = stock("2", "A");
        counted.setQuantity(7);

        List<Resolved<StockRecord>> resolved = storage.findOrCreateAll(STOCK_ISBN_BIN_KEY, List.of(plain, counted));

        assertThat(resolved).extracting(one -> one.row().getQuantity()).containsExactly(0, 7);
    }

    @Test
    void aVersionedRowBeginsAtOneAsJooqWouldHaveIt() {
        BookRecord candidate = new BookRecord();
        candidate.setIsbn("978");
        candidate.setTitle("Tehanu");

        BookRecord book = storage.findOrCreate(BOOK_ISBN_KEY, candidate).row();

        assertThat(book.getVersion()).isEqualTo(1);
        book.setTitle("Lavinia");
        book.store();
        assertThat(database.dsl().fetchSingle(BOOK).getVersion()).isEqualTo(2);
    }

    @Test
    void keysThatTheDatabaseCallsEqualAreOne() {
        SaleRecord one = sale(LocalDate.of(2024, 5, 1), 1);
        SaleRecord same = sale(LocalDate.of(2024, 5, 1), 1);

        List<Resolved<SaleRecord>> resolved = storage.findOrCreateAll(SALE_PKEY, List.of(one, same));

        assertThat(resolved).extracting(Resolved::origin).containsExactly(CREATED, FOUND);
        assertThat(database.dsl().fetchCount(SALE)).isEqualTo(1);
    }

    @Test
    void theDatabaseDecidesWhichKeysAreEqual() {
        database.dsl()
                .execute(
                        "create collation nobody_shouts (provider = icu, locale = 'und-u-ks-level2', deterministic = false)");
        database.dsl().execute("alter table press.house alter column name type text collate nobody_shouts");
        try {
            storage.findOrCreate(HOUSE_NAME_KEY, house("ACE"));

            List<Resolved<HouseRecord>> resolved = storage.findOrCreateAll(
                    HOUSE_NAME_KEY, List.of(house("ace"), house("Gollancz"), house("GOLLANCZ")));

            assertThat(resolved)
                    .extracting(one -> one.row().getName().toLowerCase(Locale.ROOT))
                    .containsExactly("ace", "gollancz", "gollancz");
            assertThat(resolved.get(1).row().getId())
                    .isEqualTo(resolved.get(2).row().getId());
            assertThat(resolved).extracting(Resolved::origin).containsExactlyInAnyOrder(FOUND, CREATED, FOUND);
            assertThat(database.dsl().fetchCount(HOUSE)).isEqualTo(2);
        } finally {
            database.dsl().execute("alter table press.house alter column name type text collate \"default\"");
        }
    }

    @Test
    void aRowThatIsThereIsUpdatedUnderItsLock() {
        assertThat(storage.updateOrCreate(STOCK_ISBN_BIN_KEY, stock("1", "A"), FindOrCreateTest::count)
                        .origin())
                .isEqualTo(CREATED);
        assertThat(storage.updateOrCreate(STOCK_ISBN_BIN_KEY, stock("1", "A"), FindOrCreateTest::count)
                        .origin())
                .isEqualTo(UPDATED);
        assertThat(storage.updateOrCreate(STOCK_ISBN_BIN_KEY, stock("1", "A"), row -> {})
                        .origin())
                .isEqualTo(FOUND);

        assertThat(database.dsl().fetchSingle(STOCK).getQuantity()).isEqualTo(1);
        assertThat(journal.events())
                .filteredOn(event -> event.startsWith("after"))
                .containsExactly("after insert stock[1]", "after update stock[1]");
    }

    @Test
    @NeedsRealCommits("several transactions at a time")
    void updatesOfManyThreadsAreAllCounted() throws Exception {
        Storage crowd = Storage.on(hooked(database, 8));

        Crowd.run(8, thread -> {
            for (int i = 0; i < 50; i++) {
                crowd.updateOrCreate(STOCK_ISBN_BIN_KEY, stock("1", "A"), FindOrCreateTest::count);
            }
        });

        assertThat(database.dsl().fetchSingle(STOCK).getQuantity()).isEqualTo(8 * 50 - 1);
    }

    private static void count(StockRecord row) {
        row.setQuantity(row.getQuantity() + 1);
    }

    @ParameterizedTest
    @EnumSource(names = {"READ_COMMITTED", "REPEATABLE_READ", "SERIALIZABLE"})
    @NeedsRealCommits("several transactions at a time")
    void sixteenThreadsCreateEachOfAThousandKeysOnce(IsolationLevel isolation) throws Exception {
        int keys = 1_000;
        DSLContext crowd = hooked(database, 16);
        Transactions transactions = Transactions.with(crowd)
                .isolation(isolation)
                .retry(RetryPolicy.attempts(100)
                        .backoff(Duration.ofMillis(1), 1.5, Duration.ofMillis(10))
                        .jitter(1));
        Map<String, Set<Long>> ids = new ConcurrentHashMap<>();
        Map<String, Integer> created = new ConcurrentHashMap<>();

        Crowd.run(16, thread -> {
            List<Integer> order = new ArrayList<>();
            for (int i = 0; i < keys; i++) {
                order.add(i);
            }
            Collections.shuffle(order, new Random(thread / 2)); // two by two they want the same at the same time
            for (int i : order) {
                String name = "house " + i;
                Resolved<HouseRecord> resolved =
                        transactions.call(tx -> Storage.on(tx).findOrCreate(HOUSE_NAME_KEY, house(name)));
                ids.computeIfAbsent(name, key -> ConcurrentHashMap.newKeySet())
                        .add(resolved.row().getId());
                if (resolved.isCreated()) {
                    created.merge(name, 1, Integer::sum);
                }
            }
        });

        assertThat(database.dsl().fetchCount(HOUSE)).isEqualTo(keys);
        assertThat(ids)
                .hasSize(keys)
                .allSatisfy((name, seen) -> assertThat(seen).hasSize(1));
        assertThat(created)
                .hasSize(keys)
                .allSatisfy((name, times) -> assertThat(times).isEqualTo(1));
        assertThat(journal.events())
                .filteredOn(event -> event.startsWith("after"))
                .hasSize(keys)
                .doesNotHaveDuplicates();
    }

    @Test
    @NeedsRealCommits("several transactions at a time")
    void manyAtOnceInManyThreadsDoNotLockEachOtherUp() throws Exception {
        Storage crowd = Storage.on(hooked(database, 8));
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            names.add("house " + i);
        }
        Set<Set<Long>> ids = ConcurrentHashMap.newKeySet();

        Crowd.run(8, thread -> {
            List<String> mine = new ArrayList<>(names);
            Collections.shuffle(mine, new Random(thread));
            Set<Long> found = new HashSet<>();
            crowd.findOrCreateAll(
                            HOUSE_NAME_KEY,
                            mine.stream().map(FindOrCreateTest::house).toList())
                    .forEach(resolved -> found.add(resolved.row().getId()));
            ids.add(found);
        });

        assertThat(ids).hasSize(1);
        assertThat(database.dsl().fetchCount(HOUSE)).isEqualTo(100);
        assertThat(database.journal())
                .filteredOn(row -> row.operation() == Operation.INSERT)
                .hasSize(100);
    }

    private DSLContext hooked(TestDatabase database, int connections) {
        return CommitHooks.builder()
                .registerAll(journal)
                .build()
                .attachTo(DSL.using(database.pool(connections), SQLDialect.POSTGRES));
    }

    @Test
    void badKeysAreRefusedBeforeAnythingIsSent() {
        assertThatThrownBy(() -> storage.findOrCreate(BOOK_ISBN_KEY, new BookRecord()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("public.book.isbn is null in a candidate")
                .hasMessageContaining("nothing was sent");
        assertThatThrownBy(() -> otherTable(BOOK_PKEY, house("Ace")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("book_pkey is one of public.book, not of press.house");
        assertThat(storage.findOrCreateAll(HOUSE_NAME_KEY, List.of())).isEmpty();
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // what the compiler keeps others from
    private void otherTable(UniqueKey key, HouseRecord candidate) {
        storage.findOrCreate(key, candidate);
    }

    @Test
    void aDeferrableKeyIsRefusedWithTheReason() {
        database.dsl().execute("alter table press.house drop constraint house_name_key");
        database.dsl().execute("alter table press.house add constraint house_name_key unique (name) deferrable");
        try {
            assertThatThrownBy(() -> storage.findOrCreate(HOUSE_NAME_KEY, house("Ace")))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("press.house's key house_name_key is deferrable")
                    .hasMessageContaining("IS rolled back");
        } finally {
            database.dsl().execute("alter table press.house drop constraint house_name_key");
            database.dsl().execute("alter table press.house add constraint house_name_key unique (name)");
        }
    }

    @Test
    void aRowThatATriggerSwallowsIsNotWaitedForForever() {
        ParcelRecord parcel = new ParcelRecord();
        parcel.setId(1L);
        parcel.setLabel("swallow");

        assertThatThrownBy(() -> storage.findOrCreate(PARCEL_PKEY, parcel))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("1 of the candidates")
                .hasMessageContaining("A trigger swallows the row");
        assertThat(database.dsl().fetchCount(PARCEL)).isZero();
    }

    @Test
    void anotherKeysConflictIsNotSwallowed() {
        storage.findOrCreate(HOUSE_NAME_KEY, house("Ace"));
        HouseRecord sameId = house("Gollancz");
        sameId.setId(1L);

        assertThatThrownBy(() -> storage.findOrCreate(HOUSE_NAME_KEY, sameId)).hasMessageContaining("house_pkey");
        assertThat(database.dsl().fetchValues(HOUSE.NAME)).containsExactly("Ace");
    }

    private static HouseRecord house(String name) {
        HouseRecord house = new HouseRecord();
        house.setName(name);
        return house;
    }

    private static StockRecord stock(String isbn, String bin) {
        StockRecord stock = new StockRecord();
        stock.setIsbn(isbn);
        stock.setBin(bin);
        return stock;
    }

    private static SaleRecord sale(LocalDate day, int receipt) {
        SaleRecord sale = new SaleRecord();
        sale.setSoldOn(day);
        sale.setReceiptNo(receipt);
        sale.setIsbn("978");
        sale.setAmount(BigDecimal.TEN);
        return sale;
    }
}
