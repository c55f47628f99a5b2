package dev.commithooks.bench;

import static dev.commithooks.bench.Item.ITEM;

import java.util.ArrayList;
import java.util.List;
import org.jooq.Configuration;
import org.jooq.Cursor;
import org.jooq.DSLContext;

/** Rows as jOOQ's records; what is measured is decided by the configuration of the {@link DSLContext} given. */
class JooqStack implements Stack {

    final DSLContext dsl;

    private Item.Row[] rows = {};

    JooqStack(DSLContext dsl) {
        this.dsl = dsl;
    }

    @Override
    public void insert(int count) {
        if (rows.length != count) {
            rows = new Item.Row[count];
        }
        dsl.transaction(tx -> {
            for (int i = 0; i < rows.length; i++) {
                rows[i] = newRow(tx, i);
                rows[i].store();
            }
        });
    }

    /** As {@link #insert}, but the records are garbage at once, as in an import; {@code inside} runs before the end. */
    void insertAndForget(int count, Runnable inside) {
        dsl.transaction(tx -> {
            for (int i = 0; i < count; i++) {
                newRow(tx, i).store();
            }
            inside.run();
        });
    }

    private static Item.Row newRow(Configuration tx, int i) {
        Item.Row row = tx.dsl().newRecord(ITEM);
        row.name("a name");
        row.quantity(i);
        row.note("a note");
        return row;
    }

    @Override
    public void update() {
        dsl.transaction(tx -> {
            for (Item.Row row : rows) {
                row.attach(tx);
                row.quantity(row.quantity() + 1);
                row.store();
            }
        });
    }

    @Override
    public void delete() {
        dsl.transaction(tx -> {
            for (Item.Row row : rows) {
                row.attach(tx);
                row.delete();
            }
        });
    }

    /** A transaction in which nothing happens. */
    void empty() {
        dsl.transaction(tx -> {});
    }

    void batchInsert(int count) {
        dsl.transaction(tx -> {
            List<Item.Row> batch = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                batch.add(newRow(tx, i));
            }
            tx.dsl().batchInsert(batch).execute();
        });
    }

    /** Every row of the last {@link #insert} is updated so many times in one transaction. */
    void updateOften(int times) {
        dsl.transaction(tx -> {
            for (int i = 0; i < times; i++) {
                for (Item.Row row : rows) {
                    row.attach(tx);
                    row.quantity(row.quantity() + 1);
                    row.store();
                }
            }
        });
    }

    /** Savepoints one inside the other; one row is inserted at each level. */
    void savepointsDeep(int depth) {
        dsl.transaction(tx -> descend(tx, depth));
    }

    private static void descend(Configuration tx, int depth) {
        newRow(tx, depth).store();
        if (depth > 0) {
            tx.dsl().transaction(nested -> descend(nested, depth - 1));
        }
    }

    /** Savepoints one after the other; one row is inserted in each. */
    void savepointsWide(int width) {
        dsl.transaction(tx -> {
            for (int i = 0; i < width; i++) {
                int row = i;
                tx.dsl().transaction(nested -> newRow(nested, row).store());
            }
        });
    }

    int fetch() {
        return fetch(dsl);
    }

    int fetchInTransaction() {
        return dsl.transactionResult(tx -> fetch(tx.dsl()));
    }

    int fetchLazyInTransaction() {
        return dsl.transactionResult(tx -> {
            int sum = 0;
            try (Cursor<Item.Row> cursor = tx.dsl().selectFrom(ITEM).fetchLazy()) {
                for (Item.Row row : cursor) {
                    sum += row.quantity();
                }
            }
            return sum;
        });
    }

    private static int fetch(DSLContext dsl) {
        return dsl.selectFrom(ITEM).fetch().size();
    }
}
