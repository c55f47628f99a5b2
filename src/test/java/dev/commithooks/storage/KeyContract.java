package dev.commithooks.storage;

import static dev.commithooks.bookshop.press.Keys.HOUSE_NAME_KEY;
import static dev.commithooks.bookshop.press.Tables.HOUSE;
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
import dev.commithooks.bookshop.warehouse.tables.records.StockRecord;
import dev.commithooks.fixture.Crowd;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.RetryPolicy;
import dev.commithooks.transaction.IsolationLevel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What holds of find-or-create on every database. */
abstract class KeyContract extends FindOrCreateFixture {

    private static final int THREADS = 16;

    KeyContract(TestDatabase database) {
        super(database);
    }

    @AfterEach
    void hooksWereToldWhatWasWritten() {
        any.assertHooksWereToldWhatWasWritten();
    }

    @Test
    void firstCreatesSecondFinds() {
        HouseRecord candidate = house("Gollancz");

        Resolved<HouseRecord> first = storage.findOrCreate(HOUSE_NAME_KEY, candidate);
        Resolved<HouseRecord> second = storage.findOrCreate(HOUSE_NAME_KEY, candidate);

        assertThat(first.origin()).isEqualTo(CREATED);
        assertThat(second.origin()).isEqualTo(FOUND);
        assertThat(second.row()).isEqualTo(first.row());
        assertThat(first.row().configuration()).isSameAs(dsl.configuration());
        assertThat(candidate.getId()).isNull();
        assertThat(database.journal()).hasSize(1);
        assertThat(journal.events()).containsExactly("before insert house[1]", "after insert house[1]");
        first.row().setName("Ace");
        assertThat(first.row().store()).isEqualTo(1);
        assertThat(database.dsl().fetchValues(HOUSE.NAME)).containsExactly("Ace");
    }

    @Test
    void manyAreResolvedInTheirOrder() {
        storage.findOrCreate(HOUSE_NAME_KEY, house("there"));
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
    void keyOfTwoColumnsIsCreatedOrUpdated() {
        StockRecord other = stock("1", "B");
        assertThat(storage.findOrCreateAll(STOCK_ISBN_BIN_KEY, List.of(stock("1", "A"), other)))
                .allMatch(Resolved::isCreated);

        Resolved<StockRecord> counted = storage.updateOrCreate(STOCK_ISBN_BIN_KEY, other, FindOrCreateFixture::count);
        Resolved<StockRecord> made =
                storage.updateOrCreate(STOCK_ISBN_BIN_KEY, stock("2", "A"), FindOrCreateFixture::count);
        Resolved<StockRecord> same = storage.updateOrCreate(STOCK_ISBN_BIN_KEY, stock("2", "A"), row -> {});

        assertThat(counted.origin()).isEqualTo(UPDATED);
        assertThat(made.origin()).isEqualTo(CREATED);
        assertThat(same.origin()).isEqualTo(FOUND);
        assertThat(database.dsl().fetch(STOCK).map(StockRecord::getQuantity)).containsExactlyInAnyOrder(0, 1, 0);
    }

    @Test
    void anotherKeysConflictIsNotSwallowed() {
        storage.findOrCreate(HOUSE_NAME_KEY, house("Ace"));
        HouseRecord sameId = house("Gollancz");
        sameId.setId(1L);

        assertThatThrownBy(() -> storage.findOrCreate(HOUSE_NAME_KEY, sameId)).isInstanceOf(DataAccessException.class);
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

        Resolved<HouseRecord> again = storage.findOrCreate(HOUSE_NAME_KEY, house("Ace"));
        assertThat(again.isCreated()).isTrue();
        String row = "house[" + again.row().getId() + "]";
        assertThat(journal.events())
                .containsExactly("failed WORK insert house[1]", "before insert " + row, "after insert " + row);
    }

    /** The levels that the database has; null is its own. */
    abstract List<IsolationLevel> levels();

    /** How many keys the threads race for; more of them by {@code -Dcommithooks.race.keys=1000}. */
    int keys() {
        return Integer.getInteger("commithooks.race.keys", levels().size() == 1 ? 10 : 40);
    }

    @Test
    void sixteenThreadsCreateEachKeyOnceOnEachLevel() throws Exception {
        for (IsolationLevel level : levels()) {
            race(level);
            any.assertHooksWereToldWhatWasWritten();
            database.reset();
            journal.drain();
        }
    }

    private void race(IsolationLevel level) throws Exception {
        RetryPolicy retry = RetryPolicy.attempts(1_000)
                .backoff(Duration.ofMillis(1), 1.5, Duration.ofMillis(20))
                .jitter(1);
        Transactions plain = Transactions.with(any.hooked(THREADS)).retry(retry);
        Transactions transactions = level == null ? plain : plain.isolation(level);
        Map<String, Set<Long>> ids = new ConcurrentHashMap<>();
        Map<String, Integer> created = new ConcurrentHashMap<>();

        Crowd.run(THREADS, thread -> {
            List<Integer> order = new ArrayList<>();
            for (int i = 0; i < keys(); i++) {
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

        assertThat(database.dsl().fetchCount(HOUSE)).isEqualTo(keys());
        assertThat(ids)
                .as("%s", level)
                .hasSize(keys())
                .allSatisfy((name, seen) -> assertThat(seen).hasSize(1));
        assertThat(created)
                .as("%s", level)
                .hasSize(keys())
                .allSatisfy((name, times) -> assertThat(times).isEqualTo(1));
        assertThat(journal.events())
                .filteredOn(event -> event.startsWith("after"))
                .hasSize(keys())
                .doesNotHaveDuplicates();
    }
}
