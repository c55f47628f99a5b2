package dev.commithooks.boundary;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;

import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.change.Inserted;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.hook.AfterCommitHooks;
import dev.commithooks.hook.HookContext;
import java.util.ArrayList;
import java.util.List;
import org.jooq.Record;
import org.jooq.TransactionalRunnable;

/** Hooks that note when they are called. */
abstract class RegistrationFixture {

    final List<String> called = new ArrayList<>();
    final TestDatabase database;

    RegistrationFixture(TestDatabase database) {
        this.database = database;
    }

    static final TransactionalRunnable STORE_AUTHOR = tx -> {
        AuthorRecord author = tx.dsl().newRecord(AUTHOR);
        author.setName("a");
        author.store();
    };

    class Naming implements AfterCommitHooks<Record> {

        private final String name;

        Naming(String name) {
            this.name = name;
        }

        @Override
        public void afterCommitInsert(Inserted<Record> change, HookContext ctx) {
            called.add(name);
        }
    }
}
