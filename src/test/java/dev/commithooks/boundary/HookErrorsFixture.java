package dev.commithooks.boundary;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.CommitHooksBuilder;
import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.hook.HookLambda;
import org.jooq.DSLContext;
import org.jooq.TransactionalRunnable;

/** Hooks that throw, and transactions that store authors. */
abstract class HookErrorsFixture {

    final HookJournal journal = new HookJournal();
    final TestDatabase database;

    HookErrorsFixture(TestDatabase database) {
        this.database = database;
    }

    DSLContext dsl(CommitHooksBuilder builder) {
        return builder.registerAll(journal).build().attachTo(database.dsl());
    }

    static TransactionalRunnable storing(String... names) {
        return tx -> {
            for (String name : names) {
                AuthorRecord author = tx.dsl().newRecord(AUTHOR);
                author.setName(name);
                author.store();
            }
        };
    }

    static <C> HookLambda<C> throwing(Throwable failure) {
        return (change, ctx) -> {
            if (failure instanceof Error error) {
                throw error;
            }
            throw (Exception) failure;
        };
    }

    void assertRows(String... names) {
        assertThat(database.journal()).extracting(entry -> entry.value("name")).containsExactly(names);
        assertThat(database.dsl().fetchValues(AUTHOR.NAME)).containsExactly(names);
    }
}
