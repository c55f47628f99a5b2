package dev.commithooks.transactions.undo;

import static dev.commithooks.bookshop.press.Tables.HOUSE;
import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static dev.commithooks.bookshop.shop.Tables.CUSTOMER;
import static dev.commithooks.bookshop.shop.Tables.STOCK;

import dev.commithooks.Transactions;
import dev.commithooks.bookshop.shop.tables.daos.StockDao;
import dev.commithooks.bookshop.shop.tables.pojos.Stock;
import dev.commithooks.transactions.undo.Step.Do;
import dev.commithooks.transactions.undo.Step.Level;
import java.math.BigDecimal;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.SQLDialect;
import org.jooq.Table;
import org.jooq.UpdatableRecord;
import org.jooq.exception.DataAccessException;
import org.jooq.exception.NoDataFoundException;
import org.jspecify.annotations.Nullable;

/**
 * A random program at work. Knows by itself what each record has to be after a rollback: what it was before its first write in what
 * is rolled back.
 */
final class Run {

    private static final int TABLES = 4;
    private static final int OF_EACH = 3;
    static final int ROWS = TABLES * OF_EACH;

    /** A mistake that was found. */
    static final class Difference extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Difference(String message) {
            super(message);
        }
    }

    static final class Undo extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private final DSLContext dsl;
    private final List<Table<?>> tables;
    private final Stores stores;
    private final boolean withNote;
    private final List<UpdatableRecord<?>> rows = new ArrayList<>();

    /** By level, the innermost last: records by their number, as they were before the level's first write to each. */
    private final List<Map<Integer, RecordCopy>> before = new ArrayList<>();

    private int compared;

    Run(DSLContext dsl) {
        this.dsl = dsl;
        this.tables = List.of(STOCK, hasArrays(dsl) ? BOOK : HOUSE, ACCOUNT, CUSTOMER);
        this.stores = new Stores(tables);
        this.withNote =
                dsl.settings().isUpdatablePrimaryKeys() || dsl.settings().isExecuteWithOptimisticLocking();
        for (int i = 0; i < ROWS; i++) {
            UpdatableRecord<?> row = (UpdatableRecord<?>) dsl.newRecord(tables.get(i % TABLES));
            rows.add(row);
            if (i < ROWS / 2) { // the others are new
                row.from(Map.of("isbn", "k" + i, "title", "k", "owner", "k", "name", "k" + i, "email", "k@" + i));
                row.store();
            }
        }
    }

    /** The records of a book have one. */
    private static boolean hasArrays(DSLContext dsl) {
        return dsl.family() == SQLDialect.POSTGRES || dsl.family() == SQLDialect.H2;
    }

    int compared() {
        return compared;
    }

    /** One transaction. */
    void transaction(List<Step> steps, boolean undone) {
        inLevel(dsl.configuration(), undone, work -> dsl.transaction(work::in), steps);
    }

    private interface Work {
        void in(Configuration level);
    }

    private interface Begun {
        void with(Work work);
    }

    private void inLevel(Configuration around, boolean undone, Begun begun, List<Step> steps) {
        int depth = before.size();
        before.add(new HashMap<>());
        try {
            begun.with(level -> {
                steps.forEach(step -> step(level, step));
                if (undone) {
                    throw new Undo();
                }
            });
        } catch (Undo | DataAccessException rolledBack) {
            check(around, before.remove(depth));
            return;
        }
        Map<Integer, RecordCopy> released = before.remove(depth);
        if (depth > 0) {
            released.forEach(before.get(depth - 1)::putIfAbsent);
        }
    }

    private void step(Configuration level, Step step) {
        if (step instanceof Level inner) {
            inLevel(level, inner.undone(), work -> bracket(level, inner, work), inner.steps());
        } else {
            Do todo = (Do) step;
            UpdatableRecord<?> row = rows.get(todo.row());
            row.attach(level);
            perform(level, todo, row);
        }
    }

    private void bracket(Configuration level, Level inner, Work work) {
        switch (inner.bracket()) {
            case NESTED -> level.dsl().transaction(work::in);
            case NAMED -> {
                written(rows);
                Transactions.with(level)
                        .records(rows.toArray(new UpdatableRecord<?>[0]))
                        .run(work::in);
            }
            case SQL_SAVEPOINT -> {
                String name = "s" + before.size();
                level.dsl().execute("savepoint " + name);
                try {
                    work.in(level);
                } catch (Undo | DataAccessException failure) {
                    level.dsl().execute("rollback to savepoint " + name);
                    throw failure;
                }
                level.dsl().execute("release savepoint " + name);
            }
            case JDBC_SAVEPOINT ->
                level.dsl().connection(connection -> {
                    Savepoint savepoint = connection.setSavepoint();
                    try {
                        work.in(level);
                    } catch (Undo | DataAccessException failure) {
                        connection.rollback(savepoint);
                        throw failure;
                    }
                    connection.releaseSavepoint(savepoint);
                });
        }
    }

    private void perform(Configuration level, Do todo, UpdatableRecord<?> row) {
        UpdatableRecord<?> next = rows.get((todo.row() + TABLES) % ROWS);
        next.attach(level);
        List<UpdatableRecord<?>> two = List.of(row, next);
        switch (todo.deed()) {
            case SET -> set(row, todo);
            case RESET -> row.reset();
            case FLAG -> row.changed(todo.field() % row.size(), todo.value() % 2 == 0);
            case STORE -> written(List.of(row)).get(0).store();
            case INSERT -> written(List.of(row)).get(0).insert();
            case UPDATE -> written(List.of(row)).get(0).update();
            case MERGE -> written(List.of(row)).get(0).merge();
            case DELETE -> written(List.of(row)).get(0).delete();
            case REFRESH -> refresh(row);
            case BATCH_STORE -> level.dsl().batchStore(written(two)).execute();
            case BATCH_INSERT -> level.dsl().batchInsert(written(two)).execute();
            case BATCH_UPDATE -> level.dsl().batchUpdate(written(two)).execute();
            case BATCH_DELETE -> level.dsl().batchDelete(written(two)).execute();
            case BATCH_MERGE -> level.dsl().batchMerge(written(two)).execute();
            case DAO_INSERT -> {
                Stock stock = new Stock();
                stock.setIsbn("k" + todo.value());
                stock.setQuantity(todo.field());
                new StockDao(level).insert(stock);
            }
            case DAO_DELETE -> new StockDao(level).deleteById("k" + todo.value());
        }
    }

    /** Notes what records are like that are about to be written. */
    private List<UpdatableRecord<?>> written(List<UpdatableRecord<?>> about) {
        for (UpdatableRecord<?> row : about) {
            before.get(before.size() - 1).computeIfAbsent(indexOf(row), index -> RecordCopy.of(row));
        }
        return about;
    }

    private int indexOf(UpdatableRecord<?> row) {
        for (int i = 0; i < ROWS; i++) {
            if (rows.get(i) == row) {
                return i;
            }
        }
        throw new IllegalArgumentException();
    }

    /** jOOQ reads the row first; a record whose row is not there is not touched. */
    private void refresh(UpdatableRecord<?> row) {
        RecordCopy copy = RecordCopy.of(row);
        try {
            row.refresh();
        } catch (NoDataFoundException gone) {
            return;
        }
        before.get(before.size() - 1).putIfAbsent(indexOf(row), copy);
    }

    @SuppressWarnings("unchecked")
    private static void set(UpdatableRecord<?> row, Do todo) {
        Field<Object> field = (Field<Object>) row.field(todo.field() % row.size());
        int value = todo.value();
        Class<?> type = field.getType();
        row.set(
                field,
                value == 0
                        ? null
                        : type == String.class
                                ? (field.getName().equals("email") ? "k@" : "k") + value
                                : type == Integer.class
                                        ? (Object) (value - 2) // checked not to be negative
                                        : type == Long.class
                                                ? (Object) (long) value
                                                : type == BigDecimal.class
                                                        ? new BigDecimal(value - 2)
                                                        : row.get(field));
    }

    /** What was rolled back has left each record as it has to be, and it stores what one made afresh would. */
    private void check(Configuration around, Map<Integer, RecordCopy> wanted) {
        wanted.forEach((index, want) -> {
            RecordCopy is = RecordCopy.of(rows.get(index));
            if (!is.isLike(want, withNote)) {
                throw new Difference("record " + index + " of "
                        + rows.get(index).getTable() + " was " + want + ", and is after the rollback " + is);
            }
        });
        if (!wanted.isEmpty()) {
            List<RecordCopy> fresh = new ArrayList<>();
            List<RecordCopy> actual = new ArrayList<>();
            for (int i = 0; i < ROWS; i++) {
                actual.add(RecordCopy.of(rows.get(i)));
                fresh.add(wanted.getOrDefault(i, actual.get(i)));
            }
            String expected = stores.of(around, fresh);
            String stored = stores.of(around, actual);
            if (!stored.equals(expected)) {
                throw new Difference("fresh records store\n" + expected + "\nand those after the rollback\n" + stored);
            }
            compared += wanted.size();
        }
    }

    @Nullable
    static String difference(Runnable run) {
        try {
            run.run();
            return null;
        } catch (Difference found) {
            return found.getMessage();
        }
    }
}
