package dev.commithooks.databases;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.TransactionSession;
import dev.commithooks.Transactions;
import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.policy.OldRows;
import dev.commithooks.policy.TransactionDefaults;
import dev.commithooks.transaction.IsolationLevel;
import java.util.ArrayList;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;

/** What holds on every database: rows in it are what hooks were told, whoever begins the transaction and however it ends. */
abstract class DatabaseContract extends SavepointContract {

    @Test
    void rowsAreWhatHooksWereTold() {
        Shop shop = shop();
        shop.dsl.transaction(tx -> {
            AuthorRecord ann = shop.author(tx.dsl(), 1, "Ann");
            ann.store();
            shop.author(tx.dsl(), 2, "Bob").store();
            ann.setName("Anna");
            ann.store();
        });
        shop.dsl.transaction(
                tx -> tx.dsl().fetchSingle(AUTHOR, AUTHOR.ID.eq(2L)).delete());

        assertThat(shop.told.drain())
                .containsExactly(
                        "before insert author[1]",
                        "before insert author[2]",
                        "before update author[1]",
                        "after insert author[1]",
                        "after insert author[2]",
                        "after update author[1]",
                        "before delete author[2]",
                        "after delete author[2]");
        assertThat(shop.rows()).containsExactly("Anna");
    }

    @Test
    void rolledBackRowsHaveFailed() {
        Shop shop = shop();

        assertThatThrownBy(() -> shop.dsl.transaction(tx -> {
                    shop.author(tx.dsl(), 1, "Ann").store();
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");

        assertThat(shop.told.drain()).containsExactly("failed WORK insert author[1]");
        assertThat(shop.rows()).isEmpty();
    }

    @Test
    void swallowedDuplicateLeavesTheRestToBeCommitted() {
        Shop shop = shop();
        shop.dsl.transaction(tx -> {
            shop.author(tx.dsl(), 1, "Ann").store();
            assertThatThrownBy(() -> shop.author(tx.dsl(), 1, "Bob").insert()).isInstanceOf(DataAccessException.class);
            shop.author(tx.dsl(), 3, "Cid").store();
        });

        assertThat(shop.told.drain())
                .containsExactly(
                        "before insert author[1]",
                        "before insert author[3]",
                        "after insert author[1]",
                        "after insert author[3]");
        assertThat(shop.rows()).containsExactly("Ann", "Cid");
    }

    @Test
    void duplicateOutsideTransactionsHasFailed() {
        Shop shop = shop();
        DSLContext dsl = shop.dsl;
        shop.author(dsl, 1, "Ann").store();
        shop.told.drain();

        assertThatThrownBy(() -> shop.author(dsl, 1, "Bob").insert()).isInstanceOf(DataAccessException.class);

        assertThat(shop.told.drain())
                .noneMatch(event -> event.contains("doubt"))
                .anyMatch(event -> event.contains("failed"));
        assertThat(shop.rows()).containsExactly("Ann");
    }

    @Test
    void keyThatTheDatabaseGivesReachesTheHooks() {
        Shop shop = shop();
        List<Object> keys = new ArrayList<>();
        shop.dsl.transaction(tx -> {
            AuthorRecord ann = tx.dsl().newRecord(AUTHOR);
            ann.setName("Ann");
            ann.store();
            keys.add(ann.getId());
        });

        assertThat(keys.get(0)).isNotNull();
        assertThat(shop.told.drain()).containsExactly("before insert author" + keys, "after insert author" + keys);
        assertThat(shop.rows()).containsExactly("Ann");
    }

    @Test
    void oldRowsComeFromTheDatabase() {
        Shop shop = shop();
        shop.author(shop.plain(), 1, "Ann").store();
        List<String> old = new ArrayList<>();
        DSLContext dsl = CommitHooks.builder()
                .on(
                        AUTHOR,
                        on -> on.afterCommitUpdate(
                                (author, ctx) -> old.add(author.oldRow().getName())))
                .oldRows(OldRows.FROM_DATABASE)
                .build()
                .attachTo(shop.plain());

        dsl.transaction(tx -> {
            AuthorRecord blind = tx.dsl().newRecord(AUTHOR);
            blind.setId(1L);
            blind.setName("Anna");
            blind.changed(AUTHOR.ID, false);
            blind.update();
        });

        assertThat(old).containsExactly("Ann");
        assertThat(shop.rows()).containsExactly("Anna");
    }

    @Test
    void sessionCommitsAsItGoes() {
        Shop shop = shop();
        CommitHooks hooks = CommitHooks.builder().registerAll(shop.told).build();
        DSLContext dsl = hooks.attachTo(shop.plain());
        try (TransactionSession session = hooks.open(dsl)) {
            shop.author(session.dsl(), 1, "Ann").store();
            session.commit();
            shop.author(session.dsl(), 2, "Bob").store();
            session.rollback();
        }

        assertThat(shop.told.drain())
                .containsExactly(
                        "before insert author[1]", "after insert author[1]", "failed ROLLBACK_ONLY insert author[2]");
        assertThat(shop.rows()).containsExactly("Ann");
    }

    @Test
    void transactionBoundToItsThread() {
        Shop shop = shop();
        org.jooq.Configuration configuration = shop.plain().configuration();
        configuration.set(CommitHooks.threadLocalTransactionProvider(configuration.connectionProvider()));
        DSLContext dsl = CommitHooks.builder().registerAll(shop.told).build().attachTo(DSL.using(configuration));
        dsl.transaction(() -> shop.author(dsl, 1, "Ann").store());
        assertThatThrownBy(() -> dsl.transaction(() -> {
                    shop.author(dsl, 2, "Bob").store();
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");

        assertThat(shop.told.drain())
                .containsExactly("before insert author[1]", "after insert author[1]", "failed WORK insert author[2]");
        assertThat(shop.rows()).containsExactly("Ann");
    }

    @Test
    void transactionEndedByAStatementIsInDoubt() {
        Shop shop = shop();

        assertThatThrownBy(() -> shop.dsl.transaction(tx -> {
                    shop.author(tx.dsl(), 1, "Ann").store();
                    tx.dsl().execute("commit");
                    shop.author(tx.dsl(), 2, "Bob").store();
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");

        assertThat(shop.told.drain()).containsExactly("in doubt insert author[1]", "failed WORK insert author[2]");
        assertThat(shop.rows()).containsExactly("Ann");
    }

    @Test
    void deferrableIsRefusedByName() {
        Shop shop = shop();

        assertThatThrownBy(() -> Transactions.with(shop.dsl)
                        .isolation(IsolationLevel.SERIALIZABLE)
                        .readOnly()
                        .deferrable()
                        .run(tx -> shop.author(tx.dsl(), 1, "Ann").store()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("deferrable()")
                .hasMessageContaining("nothing was run");
        assertThat(shop.told.drain()).isEmpty();
        assertThat(shop.rows()).isEmpty();
    }

    /** Runs a transaction that asks for what the database does not have. */
    static void assertRefused(Shop shop, Transactions transactions, String option) {
        assertThatThrownBy(() ->
                        transactions.run(tx -> shop.author(tx.dsl(), 1, "Ann").store()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(option + " cannot be had on")
                .hasMessageEndingWith("; nothing was run. Leave it out.");
        assertThat(shop.told.drain()).isEmpty();
        assertThat(shop.rows()).isEmpty();
    }

    static TransactionDefaults serializable() {
        return TransactionDefaults.none().isolation(IsolationLevel.SERIALIZABLE);
    }

    /** jOOQ sends the identity of a deleted record that is stored again as NULL. For databases that give it another one. */
    static void assertRecordStoredAgainIsToldWithItsNewKey(Shop shop) {
        List<Object> keys = new ArrayList<>();
        shop.dsl.transaction(tx -> {
            AuthorRecord ann = shop.author(tx.dsl(), 1, "Ann");
            ann.store();
            ann.delete();
            ann.setId(null);
            ann.store();
            keys.add(ann.getId());
        });

        assertThat(keys.get(0)).isNotNull();
        assertThat(shop.told.drain()).contains("after insert author" + keys).noneMatch(event -> event.contains("?"));
        assertThat(shop.rows()).containsExactly("Ann");
    }
}
