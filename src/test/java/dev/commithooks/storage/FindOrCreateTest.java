package dev.commithooks.storage;

import static dev.commithooks.bookshop.press.Keys.HOUSE_NAME_KEY;
import static dev.commithooks.bookshop.press.Tables.HOUSE;
import static dev.commithooks.bookshop.shop.Keys.BOOK_ISBN_KEY;
import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static dev.commithooks.bookshop.warehouse.Keys.STOCK_ISBN_BIN_KEY;
import static dev.commithooks.bookshop.warehouse.Tables.STOCK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.bookshop.shop.tables.records.BookRecord;
import dev.commithooks.bookshop.warehouse.tables.records.StockRecord;
import dev.commithooks.fixture.Crowd;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.JournalEntry.Operation;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** Candidates of many kinds, and many threads that ask for them, on PostgreSQL. */
@Database
class FindOrCreateTest extends FindOrCreateFixture {

    FindOrCreateTest(TestDatabase database) {
        super(database);
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
    @NeedsRealCommits("several transactions at a time")
    void updatesOfManyThreadsAreAllCounted() throws Exception {
        Storage crowd = Storage.on(any.hooked(8));

        Crowd.run(8, thread -> {
            for (int i = 0; i < 50; i++) {
                crowd.updateOrCreate(STOCK_ISBN_BIN_KEY, stock("1", "A"), FindOrCreateTest::count);
            }
        });

        assertThat(database.dsl().fetchSingle(STOCK).getQuantity()).isEqualTo(8 * 50 - 1);
    }

    @Test
    @NeedsRealCommits("several transactions at a time")
    void manyAtOnceInManyThreadsDoNotLockEachOtherUp() throws Exception {
        Storage crowd = Storage.on(any.hooked(8));
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
