package dev.commithooks.transactions;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.bookshop.shop.Tables.STOCK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.TransactionSession;
import dev.commithooks.Transactions;
import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.bookshop.shop.tables.records.StockRecord;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.RolledBackRecords;
import java.math.BigDecimal;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.UpdatableRecord;
import org.jooq.impl.DataSourceConnectionProvider;
import org.junit.jupiter.api.Test;

/** Records are what they were when the level that is rolled back wrote them first. */
@Database
class RestoredLevelsTest extends RestoringFixture {

    RestoredLevelsTest(TestDatabase database) {
        super(database);
    }

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
    @Needs(Ability.SPENT_IDENTITIES)
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
