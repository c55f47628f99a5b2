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
import org.jooq.ExecuteContext;
import org.jooq.ExecuteListener;

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

    /** With hooks, and a listener that does something while a statement inserts; where that throws, the exception is in the list. */
    DSLContext whileInserting(Runnable action, List<Throwable> thrown) {
        return hooks.attachTo(database.dsl(pool)
                .configuration()
                .derive(new ExecuteListener() {
                    @Override
                    public void executeEnd(ExecuteContext ctx) {
                        if (String.valueOf(ctx.sql()).contains("insert into")) {
                            try {
                                action.run();
                            } catch (IllegalStateException e) {
                                thrown.add(e);
                            }
                        }
                    }
                })
                .dsl());
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
