package dev.commithooks.databases;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.change.Inserted;
import dev.commithooks.transaction.TransactionAbortedException;
import java.util.ArrayList;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.Test;

/** What holds on every database of a batch of records that fails half way. */
abstract class BatchContract {

    /** The database of the test, empty. */
    abstract Shop shop();

    /** What a driver says of a batch that fails half way differs: the rows before it, nothing, or that it went on. */
    @Test
    void rowsOfABatchThatFailedHalfWayAreTold() {
        Shop shop = shop();
        shop.author(shop.plain(), 2, "Bob").store();
        try {
            shop.dsl.transaction(tx -> {
                assertThatThrownBy(() -> failHalfWay(shop, tx.dsl())).isInstanceOf(DataAccessException.class);
                shop.author(tx.dsl(), 5, "Eve").store();
            });
        } catch (TransactionAbortedException nobodyKnewWhatItWrote) {
            assertThat(nobodyKnewWhatItWrote).hasMessageContaining("IS rolled back");
        }

        assertAfterHooksHeardOfAllBut("Bob", shop);
    }

    @Test
    void batchThatFailedHalfWayInANestedTransactionIsUndone() {
        Shop shop = shop();
        shop.author(shop.plain(), 2, "Bob").store();
        shop.dsl.transaction(tx -> {
            shop.author(tx.dsl(), 4, "Dan").store();
            assertThatThrownBy(() -> tx.dsl().transaction(nested -> failHalfWay(shop, nested.dsl())))
                    .isInstanceOf(DataAccessException.class);
            shop.author(tx.dsl(), 5, "Eve").store();
        });

        assertThat(shop.rows()).containsExactly("Bob", "Dan", "Eve");
        assertAfterHooksHeardOfAllBut("Bob", shop);
    }

    @Test
    void rowsOfABatchThatFailedHalfWayOutsideTransactionsAreTold() {
        Shop shop = shop();
        shop.author(shop.plain(), 2, "Bob").store();

        assertThatThrownBy(() -> failHalfWay(shop, shop.dsl)).isInstanceOf(DataAccessException.class);

        assertAfterHooksHeardOfAllBut("Bob", shop);
    }

    @Test
    void rowsOfABatchThatFailedHalfWayInAutocommitModeAreTold() {
        Shop shop = shop();
        shop.author(shop.plain(), 2, "Bob").store();
        List<String> names = new ArrayList<>();
        List<String> inDoubt = new ArrayList<>();
        DSLContext dsl = CommitHooks.builder()
                .on(
                        AUTHOR,
                        on -> on.afterCommitInsert(
                                        (author, ctx) -> names.add(author.row().getName()))
                                .inDoubt((author, ctx) -> inDoubt.add(
                                        ((Inserted<AuthorRecord>) author).row().getName())))
                .build()
                .attachTo(shop.plain());

        assertThatThrownBy(() -> failHalfWay(shop, dsl)).isInstanceOf(DataAccessException.class);

        names.add("Bob");
        if (inDoubt.isEmpty()) {
            assertThat(shop.rows()).containsExactlyInAnyOrderElementsOf(names);
        } else {
            assertThat(shop.rows()).containsAll(names);
            names.addAll(inDoubt);
            assertThat(names).containsAll(shop.rows());
        }
    }

    private static void failHalfWay(Shop shop, DSLContext dsl) {
        dsl.batchInsert(shop.author(dsl, 1, "Ann"), shop.author(dsl, 2, "Ben"), shop.author(dsl, 3, "Cid"))
                .execute();
    }

    private static void assertAfterHooksHeardOfAllBut(String name, Shop shop) {
        List<String> heard = shop.told.drain().stream()
                .filter(event -> event.startsWith("after insert"))
                .map(event -> event.substring(event.indexOf('[') + 1, event.indexOf(']')))
                .toList();
        List<String> there = shop.plain()
                .select(AUTHOR.ID)
                .from(AUTHOR)
                .where(AUTHOR.NAME.ne(name))
                .orderBy(AUTHOR.ID)
                .fetch(row -> row.value1().toString());
        assertThat(heard).containsExactlyElementsOf(there);
    }
}
