package dev.commithooks.durable;

import static dev.commithooks.bookshop.shop.Tables.BOOK;

import dev.commithooks.CommitHooks;
import dev.commithooks.CommitHooksBuilder;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.hook.HookOptions;
import org.junit.jupiter.api.BeforeEach;

/** One node with a store that its test may break, and a hook that notes the titles of books. */
abstract class OneNodeFixture extends DurableFixture {

    DbSchedulerDelivery node;

    OneNodeFixture(TestDatabase database) {
        super(database);
    }

    @BeforeEach
    void makeTheNode() {
        database.dsl().execute("drop view if exists hook_delivery_status");
        database.dsl().execute("drop table if exists hook_delivery");
        database.dsl().execute("drop sequence if exists hook_delivery_seq");
        database.dsl().execute(DbSchedulerDelivery.ddl());
        node = node();
    }

    CommitHooksBuilder hooks() {
        return CommitHooks.builder()
                .on(
                        BOOK,
                        HookOptions.durable("index"),
                        on -> on.afterCommitInsert(
                                (book, ctx) -> calls.add(book.row().getTitle())))
                .durable(node);
    }
}
