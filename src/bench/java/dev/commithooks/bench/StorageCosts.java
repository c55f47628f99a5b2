package dev.commithooks.bench;

import static dev.commithooks.bookshop.press.Keys.TITLE__TITLE_HOUSE_ID_FKEY;
import static dev.commithooks.bookshop.press.Tables.HOUSE;
import static dev.commithooks.bookshop.press.Tables.TITLE;

import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.press.tables.records.HouseRecord;
import dev.commithooks.bookshop.press.tables.records.TitleRecord;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.storage.RecordGraph;
import dev.commithooks.storage.Storage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jooq.DSLContext;
import org.jooq.conf.Settings;

/**
 * What it costs to store 10,000 children and to have their keys in their records, beside jOOQ's own {@code batchInsert}, which
 * brings no keys, on an embedded PostgreSQL. All take turns; a transaction is measured, COMMIT included.
 */
final class StorageCosts {

    static final List<String> OPTIONS = List.of("-Xms1g", "-Xmx1g");

    static final int CHILDREN = 10_000;
    private static final int BATCH = 500;
    private static final int WARM_UP = 12;

    private final TestDatabase database;
    private final Map<String, Turn> turns = new LinkedHashMap<>();

    private interface Turn {
        void take(HouseRecord house, List<TitleRecord> titles);
    }

    private StorageCosts(TestDatabase database) {
        this.database = database;
        DSLContext plain = database.dsl(database.pool(2), new Settings().withExecuteLogging(false));
        DSLContext unheard = CommitHooks.builder().build().attachTo(plain);
        DSLContext heard = CommitHooks.builder()
                .on(TITLE, on -> on.afterCommitInsert((title, ctx) -> Stacks.seen(title)))
                .build()
                .attachTo(plain);
        turns.put(StorageTable.BATCH, (house, titles) -> batchInsert(plain, house, titles, BATCH));
        turns.put(StorageTable.ONE_BATCH, (house, titles) -> batchInsert(plain, house, titles, CHILDREN));
        turns.put(StorageTable.STORED, (house, titles) -> store(unheard, house, titles));
        turns.put(StorageTable.HEARD_BATCH, (house, titles) -> batchInsert(heard, house, titles, BATCH));
        turns.put(StorageTable.HEARD_STORED, (house, titles) -> store(heard, house, titles));
    }

    /** Arguments: how many seconds all take turns. */
    public static void main(String[] arguments) {
        try (TestDatabase database = TestDatabase.create()) {
            // The fixture's trigger costs more than all else.
            database.dsl().execute("drop trigger journal on press.title");
            new StorageCosts(database).takeTurns(Integer.parseInt(arguments[0]));
        }
    }

    private void takeTurns(int seconds) {
        Map<String, Samples> millis = new LinkedHashMap<>();
        Map<String, Samples> ratios = new LinkedHashMap<>();
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        for (int round = 0; System.nanoTime() < end || round < WARM_UP + 8; round++) {
            Map<String, Double> took = new LinkedHashMap<>();
            turns.forEach((name, turn) -> took.put(name, measured(turn)));
            if (round >= WARM_UP) {
                took.forEach((name, time) -> {
                    String base = name.startsWith(StorageTable.HEARD) ? StorageTable.HEARD_BATCH : StorageTable.BATCH;
                    millis.computeIfAbsent(name, key -> new Samples()).add(time);
                    ratios.computeIfAbsent(name, key -> new Samples()).add(time / took.get(base));
                });
            }
        }
        millis.forEach((name, samples) -> {
            Samples ratio = ratios.get(name);
            Fork.report(name, samples.median(), ratio.median(), ratio.low(), ratio.high());
        });
    }

    private double measured(Turn turn) {
        database.reset();
        HouseRecord house = database.dsl().newRecord(HOUSE);
        house.setName("Gollancz");
        house.store();
        house.detach();
        List<TitleRecord> titles = new ArrayList<>(CHILDREN);
        for (int i = 0; i < CHILDREN; i++) {
            TitleRecord title = new TitleRecord();
            title.setName("title " + i);
            titles.add(title);
        }
        long start = System.nanoTime();
        turn.take(house, titles);
        return (System.nanoTime() - start) / 1e6;
    }

    private static void batchInsert(DSLContext dsl, HouseRecord house, List<TitleRecord> titles, int size) {
        dsl.transaction(tx -> {
            titles.forEach(title -> title.setHouseId(house.getId()));
            for (int from = 0; from < titles.size(); from += size) {
                tx.dsl()
                        .batchInsert(titles.subList(from, Math.min(titles.size(), from + size)))
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
}
