package dev.commithooks.transactions;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;

import com.zaxxer.hikari.HikariDataSource;
import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.TestDatabase;
import java.util.List;
import org.jooq.DSLContext;

/** A pool with hooks, and sessions on it. */
@Database
abstract class SessionFixture {

    final HookJournal journal = new HookJournal();
    final CommitHooks hooks = CommitHooks.builder().registerAll(journal).build();
    final TestDatabase database;
    final HikariDataSource pool;
    final DSLContext dsl;

    SessionFixture(TestDatabase database) {
        this.database = database;
        this.pool = database.pool(3);
        this.dsl = hooks.attachTo(database.dsl(pool));
    }

    static AuthorRecord author(DSLContext where, String name) {
        AuthorRecord author = where.newRecord(AUTHOR);
        author.setName(name);
        author.store();
        return author;
    }

    List<String> committedNames() {
        return database.journal().stream()
                .map(row -> String.valueOf(row.value("name")))
                .toList();
    }

    int connectionsInUse() {
        return pool.getHikariPoolMXBean().getActiveConnections();
    }

    final CommitHooks throwingHooks = CommitHooks.builder()
            .on(
                    AUTHOR,
                    on -> on.beforeCommitInsert((author, ctx) -> {
                                if (author.row().getName().equals("veto")) {
                                    throw new IllegalStateException("vetoed");
                                }
                            })
                            .afterCommitInsert((author, ctx) -> {
                                if (author.row().getName().equals("after")) {
                                    throw new IllegalStateException("in an after hook");
                                }
                            })
                            .failedCommitInsert((author, ctx) -> {
                                if (author.row().getName().equals("failed")) {
                                    throw new IllegalStateException("in a failed hook");
                                }
                            }))
            .build();

    DSLContext hooksThatThrow() {
        return throwingHooks.attachTo(database.dsl(pool));
    }

    static String messageOf(Runnable action) {
        try {
            action.run();
            return "nothing thrown";
        } catch (IllegalStateException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
