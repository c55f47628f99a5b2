package dev.commithooks.storage;

import static dev.commithooks.bookshop.press.Keys.TITLE__TITLE_HOUSE_ID_FKEY;
import static dev.commithooks.bookshop.press.Tables.HOUSE;
import static dev.commithooks.bookshop.press.Tables.TITLE;
import static java.lang.System.out;

import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.press.tables.records.HouseRecord;
import dev.commithooks.bookshop.press.tables.records.TitleRecord;
import dev.commithooks.fixture.TestDatabase;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;

/** A program that measures how long 10,000 children take, beside jOOQ's own {@code batchInsert}; run by hand. */
final class StorageTimes {

    private static final int CHILDREN = 10_000;
    private static final int TIMES = 25;

    private StorageTimes() {}

    /** Prints medians in milliseconds, of the second half of the runs. */
    public static void main(String... none) {
        try (TestDatabase database = TestDatabase.create()) {
            database.dsl()
                    .execute("drop trigger journal on press.title"); // the fixture's, which costs more than all else
            DSLContext plain = DSL.using(database.pool(2), SQLDialect.POSTGRES);
            DSLContext unheard = CommitHooks.builder().build().attachTo(plain);
            DSLContext heard = CommitHooks.builder()
                    .on(TITLE, on -> on.afterCommitInsert((title, ctx) -> {}))
                    .build()
                    .attachTo(plain);
            long[][] times = new long[4][TIMES];
            for (int i = 0; i < TIMES; i++) {
                times[0][i] = measured(database, plain, StorageTimes::batchInsert);
                times[1][i] = measured(database, unheard, StorageTimes::store);
                times[2][i] = measured(database, heard, StorageTimes::batchInsert);
                times[3][i] = measured(database, heard, StorageTimes::store);
            }
            print("batchInsert in chunks of 500, no hooks, no keys", times[0]);
            print("storage, no hook on the table", times[1]);
            print("batchInsert in chunks of 500, a hook on the table, no keys", times[2]);
            print("storage, a hook on the table", times[3]);
        }
    }

    private interface Work {
        void run(DSLContext dsl, HouseRecord house, List<TitleRecord> titles);
    }

    private static long measured(TestDatabase database, DSLContext dsl, Work work) {
        database.reset();
        HouseRecord house = dsl.newRecord(HOUSE);
        house.setName("Gollancz");
        house.store();
        List<TitleRecord> titles = new ArrayList<>(CHILDREN);
        for (int i = 0; i < CHILDREN; i++) {
            TitleRecord title = new TitleRecord();
            title.setName("title " + i);
            titles.add(title);
        }
        long start = System.nanoTime();
        work.run(dsl, house, titles);
        return (System.nanoTime() - start) / 1_000_000;
    }

    private static void batchInsert(DSLContext dsl, HouseRecord house, List<TitleRecord> titles) {
        dsl.transaction(tx -> {
            titles.forEach(title -> title.setHouseId(house.getId()));
            for (int from = 0; from < titles.size(); from += 500) {
                tx.dsl()
                        .batchInsert(titles.subList(from, Math.min(titles.size(), from + 500)))
                        .execute();
            }
        });
    }

    private static void store(DSLContext dsl, HouseRecord house, List<TitleRecord> titles) {
        Storage.on(dsl).store(RecordGraph.of(house).with(TITLE__TITLE_HOUSE_ID_FKEY, titles));
        if (titles.get(CHILDREN - 1).getId() == null) {
            throw new IllegalStateException("no key");
        }
    }

    private static void print(String what, long[] times) {
        long[] warm = Arrays.copyOfRange(times, TIMES / 2, TIMES);
        Arrays.sort(warm);
        out.printf("%5d ms  %s%n", warm[warm.length / 2], what);
    }
}
