package dev.commithooks.transactions;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static dev.commithooks.bookshop.shop.Tables.PAGE_VIEW;
import static dev.commithooks.bookshop.shop.Tables.STOCK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.shop.tables.daos.AccountDao;
import dev.commithooks.bookshop.shop.tables.pojos.Account;
import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.bookshop.shop.tables.records.BookRecord;
import dev.commithooks.bookshop.shop.tables.records.PageViewRecord;
import dev.commithooks.bookshop.shop.tables.records.StockRecord;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.RolledBackRecords;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.RecordContext;
import org.jooq.RecordListener;
import org.jooq.conf.Settings;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DataSourceConnectionProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which records are what they were: those of any table, whatever operation has written them. */
@Database
class RestoredOperationsTest extends RestoringFixture {

    RestoredOperationsTest(TestDatabase database) {
        super(database);
    }

    @Test
    void tablesWithoutHooksAndWithoutAKeyCountToo() {
        DSLContext unheard = attached(CommitHooks.builder().rolledBackRecords(RolledBackRecords.RESTORED));
        AuthorRecord author = author(unheard.configuration(), "Ann");
        PageViewRecord view = unheard.newRecord(PAGE_VIEW);
        view.setPath("/");

        rollBack(unheard, tx -> {
            author.attach(tx);
            view.attach(tx);
            author.store();
            view.insert();
        });
        unheard.transaction(tx -> {
            author.attach(tx);
            view.attach(tx);
            author.store();
            view.insert();
        });

        assertThat(database.dsl().fetchValues(AUTHOR.NAME)).containsExactly("Ann");
        assertThat(database.dsl().fetchValues(PAGE_VIEW.PATH)).containsExactly("/");
    }

    /** An operation on a record of a stored row. */
    enum Operation {
        STORE((row, tx) -> row.store()),
        UPDATE((row, tx) -> row.update()),
        MERGE((row, tx) -> {
            row.changed(STOCK.ISBN, true);
            row.merge();
        }),
        DELETE((row, tx) -> row.delete()),
        REFRESH((row, tx) -> row.refresh()),
        NEW_KEY((row, tx) -> {
            row.setIsbn(row.getIsbn() + ", new");
            row.store();
        }),
        BATCH_STORE((row, tx) -> tx.dsl().batchStore(row).execute()),
        BATCH_UPDATE((row, tx) -> tx.dsl().batchUpdate(row).execute()),
        BATCH_DELETE((row, tx) -> tx.dsl().batchDelete(row).execute()),
        BATCH_MERGE((row, tx) -> {
            row.changed(STOCK.ISBN, true);
            tx.dsl().batchMerge(row).execute();
        }),
        DELETE_AND_INSERT((row, tx) -> {
            row.delete();
            row.insert();
        }),
        CHANGE_AFTER((row, tx) -> {
            row.store();
            row.setShelf("changed after");
            row.changed(STOCK.QUANTITY, true);
        });

        private final BiConsumer<StockRecord, Configuration> work;

        Operation(BiConsumer<StockRecord, Configuration> work) {
            this.work = work;
        }
    }

    private static final List<Settings> SETTINGS = List.of(
            new Settings(),
            new Settings().withUpdatablePrimaryKeys(true),
            new Settings().withExecuteWithOptimisticLocking(true),
            new Settings().withReturnAllOnUpdatableRecord(true));

    /** Optimistic locking's SELECT is put into batches by jOOQ itself, where some drivers refuse it. */
    private boolean isDoneByJooqAlone(Operation operation, Settings settings) {
        boolean locksInBatches =
                settings.isExecuteWithOptimisticLocking() && operation.name().startsWith("BATCH");
        if (!locksInBatches) {
            return true;
        }
        DSLContext plain = database.dsl(database.pool(1), settings);
        StockRecord row = stored(plain, "alone " + operation);
        try {
            plain.transaction(tx -> {
                row.attach(tx);
                row.setQuantity(3);
                operation.work.accept(row, tx);
                throw new Undo();
            });
        } catch (Undo done) {
            return true;
        } catch (DataAccessException refused) {
            return false;
        } finally {
            plain.deleteFrom(STOCK).execute();
        }
        throw new AssertionError();
    }

    @ParameterizedTest
    @EnumSource
    void everyOperationIsUndone(Operation operation) {
        for (Settings settings : SETTINGS) {
            if (!isDoneByJooqAlone(operation, settings)) {
                continue;
            }
            DSLContext where = restoring().build().attachTo(database.dsl(database.pool(1), settings));
            StockRecord there = stored(where, "there " + SETTINGS.indexOf(settings));
            there.setQuantity(2);
            boolean isKeyChanged = Set.of(Operation.NEW_KEY, Operation.MERGE, Operation.BATCH_MERGE)
                    .contains(operation);
            byte[] before = state(there);

            rollBack(where, tx -> {
                there.attach(tx);
                operation.work.accept(there, tx);
                assertThat(state(there)).as("changed by the operation").isNotEqualTo(before);
            });

            assertThat(journal.drain()).allMatch(event -> event.startsWith("failed"));
            if (operation == Operation.NEW_KEY) {
                there.setIsbn(there.original(STOCK.ISBN)); // changed before the first write, of which jOOQ tells nobody
            }
            if (isKeyChanged) {
                there.changed(STOCK.ISBN, false);
                there.changed(STOCK.SHELF, false);
            }
            if (settings.isUpdatablePrimaryKeys() || settings.isExecuteWithOptimisticLocking()) {
                assertThat(state(there)).as("%s, %s", operation, settings).isEqualTo(before);
            }
            there.attach(where.configuration());
            assertThat(there.store()).as("%s, %s", operation, settings).isEqualTo(1);
            assertThat(journal.drain())
                    .containsExactly(
                            "before update stock[" + there.getIsbn() + "]",
                            "after update stock[" + there.getIsbn() + "]");
            assertThat(database.dsl().fetchSingle(STOCK, STOCK.ISBN.eq(there.getIsbn())))
                    .returns(2, StockRecord::getQuantity)
                    .returns(null, StockRecord::getShelf);
        }
    }

    @Test
    @Needs(Ability.ARRAYS)
    void aVersionIsCountedBack() {
        DSLContext locking = restoring()
                .build()
                .attachTo(database.dsl(database.pool(1), new Settings().withExecuteWithOptimisticLocking(true)));
        BookRecord book = locking.newRecord(BOOK);
        book.setTitle("Tehanu");
        book.store();
        book.setTitle("Lavinia");

        rollBack(locking, tx -> {
            book.attach(tx);
            book.store();
            assertThat(book.getVersion()).isEqualTo(2);
        });

        assertThat(book.getVersion()).isEqualTo(1);
        book.attach(locking.configuration());
        assertThat(book.store()).isEqualTo(1); // with the version in the database, else the lock would be lost
        assertThat(database.dsl().fetchSingle(BOOK))
                .returns("Lavinia", BookRecord::getTitle)
                .returns(2, BookRecord::getVersion);
    }

    @Test
    void aBatchThatFailsIsUndone() {
        StockRecord there = stored(dsl, "there");
        StockRecord deleted = stored(dsl, "deleted");
        StockRecord twice = dsl.newRecord(STOCK);
        twice.setIsbn("there");

        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    tx.dsl().batchDelete(deleted).execute();
                    tx.dsl().batchInsert(twice).execute();
                }))
                .isInstanceOf(DataAccessException.class);

        assertThat(deleted.changed()).isFalse();
        deleted.setQuantity(5);
        assertThat(deleted.store()).isEqualTo(1);
        assertThat(twice.changed(STOCK.ISBN)).isTrue();
        assertThat(there.changed()).isFalse();
    }

    @Test
    void theRecordsOfADaoAreItsOwnAndItsPojosAreNot() {
        DSLContext returning = restoring()
                .build()
                .attachTo(database.dsl(database.pool(1), new Settings().withReturnRecordToPojo(true)));
        Account account = new Account();
        account.setOwner("Ann");
        account.setBalance(BigDecimal.TEN);

        rollBack(returning, tx -> new AccountDao(tx).insert(account));

        // A POJO is no record: nobody but the application can take its key away.
        assertThat(account.getId()).isEqualTo(1L);
        assertThat(database.dsl().fetchCount(ACCOUNT)).isZero();
    }

    @Test
    void anotherListenersTouchIsUndoneWithTheWrite() {
        DSLContext stamping = restoring()
                .build()
                .attachTo(database.configuration()
                        .set(new DataSourceConnectionProvider(database.pool(1)))
                        .set(new RecordListener() {
                            @Override
                            public void storeStart(RecordContext ctx) {
                                ((AuthorRecord) ctx.record()).setEmail("stamped@example.org");
                            }
                        }))
                .dsl();
        AuthorRecord author = author(stamping.configuration(), "Ann");

        rollBack(stamping, tx -> {
            author.attach(tx);
            author.store();
            assertThat(author.getEmail()).isEqualTo("stamped@example.org");
        });

        assertThat(author.getEmail()).isNull();
        assertThat(author.changed(AUTHOR.EMAIL)).isFalse();
        assertThat(journal.events()).containsExactly("failed WORK insert author[1]");
    }
}
