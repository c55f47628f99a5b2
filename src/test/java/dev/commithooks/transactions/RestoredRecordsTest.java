package dev.commithooks.transactions;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static dev.commithooks.bookshop.shop.Tables.PAGE_VIEW;
import static dev.commithooks.bookshop.shop.Tables.STOCK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.CommitHooksBuilder;
import dev.commithooks.TransactionSession;
import dev.commithooks.Transactions;
import dev.commithooks.bookshop.shop.tables.daos.AccountDao;
import dev.commithooks.bookshop.shop.tables.pojos.Account;
import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.bookshop.shop.tables.records.BookRecord;
import dev.commithooks.bookshop.shop.tables.records.PageViewRecord;
import dev.commithooks.bookshop.shop.tables.records.StockRecord;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TcpProxy;
import dev.commithooks.fixture.TcpProxy.Fault;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.RetryPolicy;
import dev.commithooks.policy.RolledBackRecords;
import dev.commithooks.transaction.TransactionInDoubtException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.RecordContext;
import org.jooq.RecordListener;
import org.jooq.UpdatableRecord;
import org.jooq.conf.Settings;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DataSourceConnectionProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Records that nobody has named are what they were before they were first written in what was rolled back. */
@Database
class RestoredRecordsTest {

    private static final class Undo extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private final TestDatabase database;
    private final HookJournal journal = new HookJournal();
    private final DSLContext dsl;

    RestoredRecordsTest(TestDatabase database) {
        this.database = database;
        this.dsl = attached(restoring());
    }

    private CommitHooksBuilder restoring() {
        return CommitHooks.builder().registerAll(journal).rolledBackRecords(RolledBackRecords.RESTORED);
    }

    private DSLContext attached(CommitHooksBuilder hooks) {
        return hooks.build().attachTo(database.dsl(database.pool(3)));
    }

    private static RetryPolicy attempts(int attempts) {
        return RetryPolicy.attempts(attempts).sleeper(pause -> {});
    }

    private static void lose() {
        throw new DataAccessException("lost against another", new SQLException("lost", "40001"));
    }

    /** All of a record's state, jOOQ's note that it was fetched among it, and not what it is attached to. */
    private static byte[] state(Record row) {
        Configuration attachedTo = row.configuration();
        row.detach();
        try (ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(row);
            out.flush();
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            row.attach(attachedTo);
        }
    }

    private static AuthorRecord author(Configuration where, String name) {
        AuthorRecord author = where.dsl().newRecord(AUTHOR);
        author.setName(name);
        return author;
    }

    private StockRecord stored(DSLContext where, String isbn) {
        StockRecord stock = where.newRecord(STOCK);
        stock.setIsbn(isbn);
        stock.setQuantity(1);
        stock.store();
        stock.refresh();
        journal.drain();
        return stock;
    }

    private static void rollBack(DSLContext where, Consumer<Configuration> work) {
        assertThatThrownBy(() -> where.transaction(tx -> {
                    work.accept(tx);
                    throw new Undo();
                }))
                .isInstanceOf(Undo.class);
    }

    // ---------------------------------------------------------------- when

    @Test
    void aRetryStoresTheRecordAgainThatItDidNotName() {
        DSLContext byDefault = attached(CommitHooks.builder().registerAll(journal));
        AuthorRecord author = author(byDefault.configuration(), "Ann");
        List<Integer> stored = new ArrayList<>();

        Transactions.with(byDefault).retry(attempts(2)).run(tx -> {
            author.attach(tx);
            stored.add(author.store());
            if (stored.size() == 1) {
                lose();
            }
        });

        assertThat(stored).containsExactly(1, 1);
        assertThat(database.dsl().fetchSingle(AUTHOR).getId()).isEqualTo(author.getId());
        assertThat(journal.events())
                .containsExactly("failed WORK insert author[1]", "before insert author[2]", "after insert author[2]");
        assertThat(database.journal()).hasSize(1);
    }

    /** What is asked of a transaction that is rolled back, and whether its records are restored by that. */
    enum Asked {
        NOTHING(RolledBackRecords.RESTORED_IN_RETRIES, (hooks, with) -> with, false),
        ONE_ATTEMPT(RolledBackRecords.RESTORED_IN_RETRIES, (hooks, with) -> with.retry(attempts(1)), false),
        RETRY(RolledBackRecords.RESTORED_IN_RETRIES, (hooks, with) -> with.retry(attempts(2)), true),
        RETRY_LEFT_ALONE(
                RolledBackRecords.RESTORED_IN_RETRIES,
                (hooks, with) -> with.retry(attempts(2)).rolledBackRecords(RolledBackRecords.LEFT_ALONE),
                false),
        RETRY_WHERE_ALL_ARE_LEFT_ALONE(RolledBackRecords.LEFT_ALONE, (hooks, with) -> with.retry(attempts(2)), false),
        ALL_RESTORED(RolledBackRecords.RESTORED, (hooks, with) -> with, true),
        RESTORED_HERE(
                RolledBackRecords.LEFT_ALONE,
                (hooks, with) -> with.rolledBackRecords(RolledBackRecords.RESTORED),
                true),
        LEFT_ALONE_HERE(
                RolledBackRecords.RESTORED,
                (hooks, with) -> with.rolledBackRecords(RolledBackRecords.LEFT_ALONE),
                false);

        private final RolledBackRecords policy;
        private final BiFunction<CommitHooksBuilder, Transactions, Transactions> option;
        private final boolean restores;

        Asked(
                RolledBackRecords policy,
                BiFunction<CommitHooksBuilder, Transactions, Transactions> option,
                boolean restores) {
            this.policy = policy;
            this.option = option;
            this.restores = restores;
        }
    }

    @ParameterizedTest
    @EnumSource
    void thePolicyAndTheTransactionSayWhetherRecordsAreRestored(Asked asked) {
        CommitHooksBuilder hooks = CommitHooks.builder().rolledBackRecords(asked.policy);
        DSLContext where = attached(hooks);
        AuthorRecord author = author(where.configuration(), "Ann");

        assertThatThrownBy(() -> asked.option
                        .apply(hooks, Transactions.with(where))
                        .run(tx -> {
                            author.attach(tx);
                            author.store();
                            throw new Undo();
                        }))
                .isInstanceOf(Undo.class);

        assertThat(author.getId() == null).isEqualTo(asked.restores);
        assertThat(author.changed(AUTHOR.NAME)).isEqualTo(asked.restores);
    }

    @Test
    void aSavepointCannotHaveARuleOfItsOwn() {
        dsl.transaction(tx -> assertThatThrownBy(() -> Transactions.with(tx)
                        .rolledBackRecords(RolledBackRecords.LEFT_ALONE)
                        .run(nested -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("rolledBackRecords(LEFT_ALONE)"));
    }

    @Test
    void failedHooksFindRecordsRestored() {
        AuthorRecord author = author(dsl.configuration(), "Ann");
        List<Object> ids = new ArrayList<>();

        rollBack(dsl, tx -> {
            author.attach(tx);
            author.store();
            CommitHooks.current(tx).onRollback(failure -> ids.add(String.valueOf(author.getId())));
            assertThatThrownBy(() -> tx.dsl().transaction(nested -> {
                        author.setName("Ben");
                        author.store();
                        CommitHooks.current(nested)
                                .onRollback(failure -> ids.add(author.getName() + " " + author.changed()));
                        throw new Undo();
                    }))
                    .isInstanceOf(Undo.class);
        });

        assertThat(ids).containsExactly("Ben true", "null");
    }

    @Test
    void aVetoAndARefusedCommitRestoreToo() {
        AuthorRecord author = author(dsl.configuration(), "Ann");

        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    author.attach(tx);
                    author.store();
                    CommitHooks.current(tx).beforeCommit(() -> {
                        throw new Undo();
                    });
                }))
                .isInstanceOf(Undo.class);
        assertThat(author.getId()).isNull();

        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    author.attach(tx);
                    author.store();
                    tx.dsl().execute("insert into review (book_id, rating) values (4711, 3)"); // checked by COMMIT
                }))
                .isInstanceOf(DataAccessException.class);
        assertThat(author.getId()).isNull();
        assertThat(author.changed(AUTHOR.NAME)).isTrue();
        assertThat(database.dsl().fetchCount(AUTHOR)).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"CUT_BEFORE_ARRIVAL", "CUT_BEFORE_ANSWER"})
    @NeedsRealCommits("cuts connections")
    void inDoubtARecordIsLeftAloneAndTheExceptionSaysSo(Fault fault) {
        try (TcpProxy proxy = TcpProxy.before(database)) {
            DSLContext cut = restoring().build().attachTo(database.dsl(proxy.dataSource()));
            AuthorRecord author = author(cut.configuration(), "Ann");
            proxy.onNextCommit(fault);
            List<Integer> attempt = new ArrayList<>();

            assertThatThrownBy(() -> Transactions.with(cut).retry(attempts(3)).run(tx -> {
                        author.attach(tx);
                        attempt.add(author.store());
                    }))
                    .isInstanceOf(TransactionInDoubtException.class)
                    .hasMessageContaining("Records that were written are left as they are");

            assertThat(attempt).containsExactly(1);
            assertThat(author.getId()).isEqualTo(1L);
            assertThat(author.changed()).isFalse();
            assertThat(journal.events()).containsExactly("before insert author[1]", "in doubt insert author[1]");
            assertThat(database.dsl().fetchCount(AUTHOR)).isEqualTo(fault == Fault.CUT_BEFORE_ANSWER ? 1 : 0);
        }
    }

    @Test
    void whatWasCommittedByHandIsLeftAlone() {
        AuthorRecord before = author(dsl.configuration(), "Ann");
        AuthorRecord after = author(dsl.configuration(), "Ben");

        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    before.attach(tx);
                    before.store();
                    tx.dsl().connection(Connection::commit);
                    after.attach(tx);
                    after.store();
                    throw new Undo();
                }))
                .isInstanceOf(Undo.class);

        assertThat(before.getId()).isEqualTo(1L);
        assertThat(after.getId()).isNull();
        assertThat(database.dsl().fetchValues(AUTHOR.NAME)).containsExactly("Ann");
    }

    // ---------------------------------------------------------------- which

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

    @ParameterizedTest
    @EnumSource
    void everyOperationIsUndone(Operation operation) {
        for (Settings settings : SETTINGS) {
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

    // ---------------------------------------------------------------- on which level

    @Test
    void aRecordWrittenOnSeveralLevelsGoesBackLevelByLevel() {
        StockRecord stock = stored(dsl, "isbn");
        List<Integer> quantities = new ArrayList<>();

        rollBack(dsl, tx -> {
            stock.attach(tx);
            set(stock, 2);
            assertThatThrownBy(() -> tx.dsl().transaction(outer -> {
                        set(stock, 3);
                        tx.dsl().transaction(inner -> set(stock, 4)); // released
                        set(stock, 5);
                        throw new Undo();
                    }))
                    .isInstanceOf(Undo.class);
            quantities.add(stock.getQuantity());
            tx.dsl().transaction(released -> set(stock, 6));
            assertThatThrownBy(() -> tx.dsl().transaction(inner -> {
                        stock.delete();
                        throw new Undo();
                    }))
                    .isInstanceOf(Undo.class);
            quantities.add(stock.getQuantity());
            assertThat(stock.changed()).isFalse();
        });
        quantities.add(stock.getQuantity());

        // Each time the value that was set before the first write of the level.
        assertThat(quantities).containsExactly(3, 6, 2);
        assertThat(stock.changed(STOCK.QUANTITY)).isTrue();
        assertThat(stock.original(STOCK.QUANTITY)).isEqualTo(1);
    }

    private static void set(StockRecord stock, int quantity) {
        stock.setQuantity(quantity);
        stock.store();
    }

    @Test
    void savepointsSetByHandAreFollowed() {
        AuthorRecord author = author(dsl.configuration(), "Ann");

        dsl.transaction(tx -> {
            tx.dsl().execute("savepoint s");
            author.attach(tx);
            author.store();
            tx.dsl().execute("rollback to savepoint s");
            assertThat(author.getId()).isNull();
            author.store();
            tx.dsl().connection(connection -> {
                Savepoint savepoint = connection.setSavepoint();
                author.setName("Ben");
                author.store();
                connection.rollback(savepoint);
                assertThat(author.changed(AUTHOR.NAME)).isTrue();
                assertThat(author.original(AUTHOR.NAME)).isEqualTo("Ann");
            });
            author.store();
        });

        assertThat(database.dsl().fetchSingle(AUTHOR))
                .returns(author.getId(), AuthorRecord::getId)
                .returns("Ben", AuthorRecord::getName);
        assertThat(journal.events())
                .containsExactly(
                        "failed SAVEPOINT insert author[1]",
                        "failed SAVEPOINT update author[2]",
                        "before insert author[2]",
                        "before update author[2]",
                        "after insert author[2]",
                        "after update author[2]");
    }

    @Test
    void aSessionRestoresFromItsFirstStatementOn() {
        CommitHooks hooks = restoring().build();
        DSLContext attached = hooks.attachTo(database.dsl(database.pool(1)));
        try (TransactionSession session = hooks.open(attached)) {
            AuthorRecord author = author(session.dsl().configuration(), "Ann");
            author.store();
            session.rollback();
            assertThat(author.getId()).isNull();
            author.store();
            TransactionSession.Savepoint savepoint = session.savepoint();
            author.delete();
            savepoint.rollback();
            assertThat(author.changed()).isFalse();
            session.commit();
            author.setName("Ben");
            author.store();
            session.commit();
        }

        assertThat(database.dsl().fetchValues(AUTHOR.NAME)).containsExactly("Ben");
    }

    @Test
    void aSessionMayAskForItItself() {
        DSLContext byDefault = attached(CommitHooks.builder().registerAll(journal));
        try (TransactionSession session = Transactions.with(byDefault)
                .rolledBackRecords(RolledBackRecords.RESTORED)
                .open()) {
            AuthorRecord author = author(session.dsl().configuration(), "Ann");
            author.store();
            session.rollback();
            assertThat(author.getId()).isNull();
        }
    }

    @Test
    void withAThreadLocalProviderRecordsOfTheOuterConfigurationAreInTheTransaction() {
        Configuration threadLocal = database.configuration();
        threadLocal.set(CommitHooks.threadLocalTransactionProvider(new DataSourceConnectionProvider(database.pool(1))));
        DSLContext bound = CommitHooks.builder().build().attachTo(threadLocal).dsl();
        AuthorRecord author = author(bound.configuration(), "Ann");
        List<Integer> stored = new ArrayList<>();

        Transactions.with(bound).retry(attempts(2)).run(tx -> {
            stored.add(author.store());
            if (stored.size() == 1) {
                lose();
            }
        });

        assertThat(stored).containsExactly(1, 1);
        assertThat(database.dsl().fetchValues(AUTHOR.NAME)).containsExactly("Ann");
    }

    @Test
    void aRecordOfTheOuterConfigurationCommittedByItselfAndStays() {
        AuthorRecord author = author(dsl.configuration(), "Ann");

        rollBack(dsl, tx -> author.store());

        assertThat(author.getId()).isEqualTo(1L);
        assertThat(database.dsl().fetchValues(AUTHOR.NAME)).containsExactly("Ann");
    }

    @Test
    void whatIsNotAskedForIsNotInstalled() {
        DSLContext plain = attached(CommitHooks.builder());

        plain.transaction(tx -> assertThat(tx.recordListenerProviders()).isEmpty());
        Transactions.with(plain)
                .retry(attempts(2))
                .run(tx -> assertThat(tx.recordListenerProviders()).hasSize(1));
    }

    @Test
    void aNamedRecordGoesBackToTheBlocksBeginAndAnUnnamedOneToItsFirstWrite() {
        AccountRecord named = dsl.newRecord(ACCOUNT);
        AccountRecord unnamed = dsl.newRecord(ACCOUNT);
        Collection<AccountRecord> both = List.of(named, unnamed);
        both.forEach(account -> {
            account.setOwner("Ann");
            account.setBalance(BigDecimal.TEN);
            account.store();
        });

        assertThatThrownBy(() -> Transactions.with(dsl).records(named).run(tx -> {
                    unnamed.attach(tx);
                    both.forEach(account -> account.setBalance(BigDecimal.ONE));
                    both.forEach(UpdatableRecord::store);
                    both.forEach(account -> account.setBalance(BigDecimal.ZERO));
                    throw new Undo();
                }))
                .isInstanceOf(Undo.class);

        assertThat(named.getBalance()).isEqualTo(BigDecimal.TEN);
        assertThat(named.changed()).isFalse();
        assertThat(unnamed.getBalance()).isEqualTo(BigDecimal.ONE);
        assertThat(unnamed.changed(ACCOUNT.BALANCE)).isTrue();
        assertThat(unnamed.original(ACCOUNT.BALANCE)).isEqualByComparingTo(BigDecimal.TEN);
    }
}
