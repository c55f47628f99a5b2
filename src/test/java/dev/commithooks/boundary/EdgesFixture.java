package dev.commithooks.boundary;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;

import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.TestDatabase;
import java.util.List;
import org.jooq.DSLContext;

/** Authors, and a journal of hooks. */
abstract class EdgesFixture {

    final TestDatabase database;
    final HookJournal journal = new HookJournal();

    EdgesFixture(TestDatabase database) {
        this.database = database;
    }

    static AuthorRecord author(DSLContext dsl, String name) {
        AuthorRecord author = dsl.newRecord(AUTHOR);
        author.setName(name);
        author.store();
        return author;
    }

    List<String> names() {
        return database.dsl()
                .select(AUTHOR.NAME)
                .from(AUTHOR)
                .orderBy(AUTHOR.NAME)
                .fetch(AUTHOR.NAME);
    }
}
