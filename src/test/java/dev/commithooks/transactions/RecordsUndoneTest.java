package dev.commithooks.transactions;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static dev.commithooks.bookshop.shop.Tables.STOCK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.Transactions;
import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.bookshop.shop.tables.records.BookRecord;
import dev.commithooks.bookshop.shop.tables.records.StockRecord;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.UpdatableRecord;
import org.jooq.conf.Settings;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever a transaction has done to a record that it was told of, on any level, is undone. */
@Database
class RecordsUndoneTest extends RestoringFixture {

    RecordsUndoneTest(TestDatabase database) {
        super(database, CommitHooks.builder());
    }

    /** Settings under which records behave differently. */
    enum Kind {
        PLAIN(new Settings()),
        UPDATABLE_KEYS(new Settings().withUpdatablePrimaryKeys(true)),
        OPTIMISTIC(new Settings().withExecuteWithOptimisticLocking(true)),
        RETURN_ALL(new Settings().withReturnAllOnUpdatableRecord(true));

        private final Settings settings;

        Kind(Settings settings) {
            this.settings = settings;
        }
    }

    @ParameterizedTest
    @EnumSource
    void afterARollbackStoreDoesWhatItWouldHaveDoneBefore(Kind kind) {
        DSLContext where = CommitHooks.builder()
                .registerAll(journal)
                .build()
                .attachTo(database.dsl(database.pool(1), kind.settings));
        StockRecord added = where.newRecord(STOCK);
        added.setIsbn("added");
        StockRecord changed = where.newRecord(STOCK);
        changed.setIsbn("changed");
        changed.store();
        changed.refresh(); // the default of its quantity, without which an optimistic lock is lost
        changed.setQuantity(7);
        journal.drain();

        assertThatThrownBy(
                        () -> Transactions.with(where).records(added, changed).run(tx -> {
                            added.store();
                            changed.delete();
                            throw new Undo();
                        }))
                .isInstanceOf(Undo.class);
        journal.drain();
        added.store();
        changed.store();

        assertThat(journal.drain())
                .containsExactly(
                        "before insert stock[added]",
                        "after insert stock[added]",
                        "before update stock[changed]",
                        "after update stock[changed]");
        assertThat(database.dsl().fetch(STOCK).intoMap(STOCK.ISBN, STOCK.QUANTITY))
                .containsEntry("changed", 7)
                .containsKey("added")
                .hasSize(2);
    }

    /** A record's state as it can be read. */
    private record Seen(List<@Nullable Object> values, List<@Nullable Object> originals, List<Boolean> changed) {
        static Seen of(UpdatableRecord<?> row) {
            List<@Nullable Object> values = new ArrayList<>();
            List<@Nullable Object> originals = new ArrayList<>();
            List<Boolean> changed = new ArrayList<>();
            for (int i = 0; i < row.size(); i++) {
                values.add(comparable(row.get(i)));
                originals.add(comparable(row.original(i)));
                changed.add(row.changed(i));
            }
            return new Seen(values, originals, changed);
        }

        private static @Nullable Object comparable(@Nullable Object value) {
            return value instanceof Object[] array ? Arrays.asList(array) : value;
        }
    }

    @ParameterizedTest
    @EnumSource
    void whateverWasDoneToRecordsOnAnyLevelIsUndone(Kind kind) {
        DSLContext where = CommitHooks.builder()
                .registerAll(journal)
                .build()
                .attachTo(database.dsl(database.pool(1), kind.settings));
        Random random = new Random(kind.ordinal());
        List<UpdatableRecord<?>> rows = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            BookRecord book = where.newRecord(BOOK);
            book.setTitle("book " + i);
            StockRecord stock = where.newRecord(STOCK);
            stock.setIsbn("isbn " + i);
            AccountRecord account = where.newRecord(ACCOUNT);
            account.setOwner("owner " + i);
            rows.addAll(List.of(book, stock, account));
        }
        int[] compared = new int[1];
        for (int round = 0; round < 60; round++) {
            level(where.configuration(), rows, random, 0, compared);
        }
        assertThat(compared[0]).isGreaterThan(500);
    }

    private static void level(
            Configuration around, List<UpdatableRecord<?>> rows, Random random, int depth, int[] compared) {
        List<Seen> before = rows.stream().map(Seen::of).toList();
        boolean undo = random.nextBoolean();
        try {
            Transactions.with(around)
                    .records(rows.toArray(new UpdatableRecord<?>[0]))
                    .run(tx -> {
                        int steps = 1 + random.nextInt(12);
                        for (int i = 0; i < steps; i++) {
                            if (depth < 2 && random.nextInt(4) == 0) {
                                level(tx, rows, random, depth + 1, compared);
                            } else {
                                step(tx, rows.get(random.nextInt(rows.size())), random);
                            }
                        }
                        if (undo) {
                            throw new Undo();
                        }
                    });
        } catch (Undo expected) {
            assertThat(rows.stream().map(Seen::of).toList()).isEqualTo(before);
            compared[0] += rows.size();
        }
    }

    /** One operation, in a savepoint of its own where the database may refuse it. */
    private static void step(Configuration tx, UpdatableRecord<?> row, Random random) {
        try {
            Transactions.with(tx).records(row).run(nested -> {
                switch (random.nextInt(8)) {
                    case 0, 1, 2 -> change(row, random);
                    case 3, 4 -> row.store();
                    case 5 -> row.delete();
                    case 6 -> row.refresh();
                    default -> row.reset();
                }
            });
        } catch (DataAccessException refused) {
            // A key twice, a row that is gone: also a way for a record to be restored.
        }
    }

    private static void change(UpdatableRecord<?> row, Random random) {
        String text = "text " + random.nextInt(50);
        Field<String> field =
                row instanceof BookRecord ? BOOK.TITLE : row instanceof StockRecord ? STOCK.ISBN : ACCOUNT.OWNER;
        row.set(field, text);
    }
}
