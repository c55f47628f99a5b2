package dev.commithooks.transactions;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;

import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.TestDatabase;
import org.jooq.Configuration;
import org.jooq.DSLContext;

/** Hooks that are told of all, and two connections. */
abstract class OptionsFixture {

    final HookJournal journal = new HookJournal();
    final CommitHooks hooks = CommitHooks.builder().registerAll(journal).build();
    final TestDatabase database;
    final DSLContext dsl;

    OptionsFixture(TestDatabase database) {
        this.database = database;
        this.dsl = hooks.attachTo(database.dsl(database.pool(2)));
    }

    static AuthorRecord author(Configuration tx, String name) {
        AuthorRecord author = tx.dsl().newRecord(AUTHOR);
        author.setName(name);
        author.store();
        return author;
    }
}
