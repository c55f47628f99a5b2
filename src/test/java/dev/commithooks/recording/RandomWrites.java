package dev.commithooks.recording;

import static dev.commithooks.bookshop.shop.Tables.PAGE_VIEW;
import static dev.commithooks.bookshop.shop.Tables.STOCK;

import dev.commithooks.bookshop.shop.tables.daos.StockDao;
import dev.commithooks.bookshop.shop.tables.pojos.Stock;
import dev.commithooks.bookshop.shop.tables.records.StockRecord;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.OldRows;
import dev.commithooks.transaction.StatementRefusedException;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import java.util.function.IntConsumer;
import org.jooq.DSLContext;
import org.jooq.UpdatableRecord;
import org.jooq.conf.StatementType;
import org.jooq.exception.DataAccessException;

/** Writes at random with records old and new, fresh and stale, alone and in batches, and by statements; in and out of savepoints. */
final class RandomWrites {

    private final Random random;
    private final RandomRows rows;
    private final RandomStatements statements;
    private final Set<RandomStatements.Kind> refused = EnumSet.noneOf(RandomStatements.Kind.class);
    private int operations;

    private RandomWrites(long seed, boolean hasBooks, boolean changesKeysByStatements) {
        this.random = new Random(seed);
        this.rows = new RandomRows(random, hasBooks);
        this.statements = new RandomStatements(rows, changesKeysByStatements);
    }

    /** Writes that are the same each time for the same seed, which {@code -Dcommithooks.random.seed} says. */
    static RandomWrites to(TestDatabase database, OldRows oldRows) {
        boolean isPostgres = database.product().can(Ability.POSTGRESQL);
        boolean tellsOldKeys = isPostgres && (oldRows == OldRows.FROM_DATABASE || database.postgresVersion() >= 18);
        return new RandomWrites(seed(), database.product().can(Ability.ARRAYS), tellsOldKeys);
    }

    static long seed() {
        return Long.getLong("commithooks.random.seed", 1L);
    }

    int operations() {
        return operations;
    }

    /** The kinds of statements that were refused, because their rows could not be told. */
    Set<RandomStatements.Kind> refused() {
        return refused;
    }

    boolean chance(double probability) {
        return rows.chance(probability);
    }

    /** Some operations, some of them in savepoints, some of which are rolled back. */
    void some(DSLContext dsl, int depth) {
        int count = 1 + random.nextInt(8);
        for (int i = 0; i < count; i++) {
            if (depth < 3 && chance(0.15)) {
                inSavepoint(dsl, depth);
            } else {
                one(dsl);
            }
        }
    }

    private void inSavepoint(DSLContext dsl, int depth) {
        try {
            dsl.transaction(inner -> {
                some(inner.dsl(), depth + 1);
                if (chance(0.4)) {
                    throw new ChangeOfMind();
                }
            });
        } catch (ChangeOfMind rolledBack) {
            // Nothing of it counts.
        }
    }

    static final class ChangeOfMind extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** One operation. Where it fails, it is as if it had not been. */
    private void one(DSLContext outer) {
        attempt(action -> outer.transaction(tx -> write(settings(tx.dsl()), action)));
    }

    /** One operation in no transaction: each of its statements is one. */
    void oneOutside(DSLContext dsl) {
        attempt(action -> write(settings(dsl), action));
    }

    private void attempt(IntConsumer operation) {
        operations++;
        int action = random.nextInt(32);
        try {
            operation.accept(action);
        } catch (StatementRefusedException untold) {
            refused.add(RandomStatements.kind(action));
        } catch (DataAccessException | IllegalStateException | ChangeOfMind failed) {
            // A key that is taken, a version that is stale, a balance below zero, a veto.
        }
    }

    private DSLContext settings(DSLContext dsl) {
        return Shop.with(
                dsl,
                settings -> settings.withUpdatablePrimaryKeys(true)
                        .withReturnAllOnUpdatableRecord(chance(0.1))
                        .withReturnIdentityOnUpdatableRecord(true)
                        .withExecuteWithOptimisticLocking(chance(0.2))
                        .withStatementType(
                                chance(0.1) ? StatementType.STATIC_STATEMENT : StatementType.PREPARED_STATEMENT)
                        .withBatchSize(chance(0.3) ? 2 : null));
    }

    private void write(DSLContext dsl, int action) {
        switch (action) {
            case 0, 1 -> rows.keep(rows.newAccount(dsl)).store();
            case 2 -> rows.keep(rows.newStock(dsl)).store();
            case 3 -> rows.keep(rows.newBookOrAuthor(dsl)).store();
            case 4, 5, 6 -> rows.keep(rows.changed(rows.loaded(dsl))).store();
            case 7, 8 -> rows.changed(rows.old(dsl)).store();
            case 9 -> rows.changed(rows.old(dsl)).update();
            case 10 -> someFieldsOf(rows.changed(rows.old(dsl)));
            case 11 -> rows.old(dsl).delete();
            case 12 -> rows.loaded(dsl).delete();
            case 13 -> rows.keep(rows.newStock(dsl)).merge();
            case 14 -> rows.keep(rows.newAccountWithKey(dsl)).merge();
            case 15 -> dsl.batchStore(rows.several(dsl)).execute();
            case 16 -> dsl.batchDelete(rows.old(dsl), rows.loaded(dsl)).execute();
            case 17 ->
                dsl.batchInsert(rows.newStock(dsl), rows.parcel(dsl), rows.newStock(dsl), rows.parcel(dsl))
                        .execute();
            case 18 -> new StockDao(dsl.configuration()).update(new Stock(rows.key(), rows.quantity(), "dao"));
            case 19 -> pageView(dsl);
            default -> statements.execute(dsl, action);
        }
    }

    private static void someFieldsOf(UpdatableRecord<?> record) {
        if (record instanceof StockRecord stock) {
            stock.setShelf("not written");
            stock.store(STOCK.QUANTITY);
        } else {
            record.store();
        }
    }

    private void pageView(DSLContext dsl) {
        var view = dsl.newRecord(PAGE_VIEW);
        view.setPath("/" + random.nextInt(100));
        view.insert();
    }
}
