package dev.commithooks.storage;

import static dev.commithooks.bookshop.press.Keys.HOUSE_NAME_KEY;
import static dev.commithooks.bookshop.press.Tables.HOUSE;
import static dev.commithooks.bookshop.shop.Keys.BOOK_ISBN_KEY;
import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static dev.commithooks.bookshop.warehouse.Keys.STOCK_ISBN_BIN_KEY;
import static dev.commithooks.bookshop.warehouse.Tables.STOCK;
import static dev.commithooks.storage.AnyDatabase.house;
import static dev.commithooks.storage.Resolved.Origin.CREATED;
import static dev.commithooks.storage.Resolved.Origin.FOUND;
import static dev.commithooks.storage.Resolved.Origin.UPDATED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.Transactions;
import dev.commithooks.bookshop.press.tables.records.HouseRecord;
import dev.commithooks.bookshop.shop.tables.records.BookRecord;
import dev.commithooks.bookshop.warehouse.tables.records.StockRecord;
import dev.commithooks.fixture.Crowd;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.JournalEntry.Operation;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.RetryPolicy;
import dev.commithooks.transaction.IsolationLevel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jooq.DSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A key has one row, whoever asks for it first; hooks hear of the one that was created. */
@Database
class FindOrCreateTest extends FindOrCreateFixture {

    FindOrCreateTest(TestDatabase database) {
        super(database);
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
        Storage crowd = Storage.on(hooked(8));

        Crowd.run(8, thread -> {
            for (int i = 0; i < 50; i++) {
                crowd.updateOrCreate(STOCK_ISBN_BIN_KEY, stock("1", "A"), FindOrCreateTest::count);
            }
        });

        assertThat(database.dsl().fetchSingle(STOCK).getQuantity()).isEqualTo(8 * 50 - 1);
    }

    @ParameterizedTest
    @EnumSource(names = {"READ_COMMITTED", "REPEATABLE_READ", "SERIALIZABLE"})
    @NeedsRealCommits("several transactions at a time")
    void sixteenThreadsCreateEachOfAThousandKeysOnce(IsolationLevel isolation) throws Exception {
        int keys = 1_000;
        DSLContext crowd = hooked(16);
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
        Storage crowd = Storage.on(hooked(8));
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
                            mine.stream().map(AnyDatabase::house).toList())
                    .forEach(resolved -> found.add(resolved.row().getId()));
            ids.add(found);
        });

        assertThat(ids).hasSize(1);
        assertThat(database.dsl().fetchCount(HOUSE)).isEqualTo(100);
        assertThat(database.journal())
                .filteredOn(row -> row.operation() == Operation.INSERT)
                .hasSize(100);
    }
}
