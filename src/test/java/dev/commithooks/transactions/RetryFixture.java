package dev.commithooks.transactions;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;

import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.RetryPolicy;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;

/** Hooks that note which attempt they are told of. */
abstract class RetryFixture {

    final List<String> events = Collections.synchronizedList(new ArrayList<>());
    final List<Duration> pauses = Collections.synchronizedList(new ArrayList<>());
    final TestDatabase database;
    final DSLContext dsl;

    RetryFixture(TestDatabase database) {
        this.database = database;
        CommitHooks hooks = CommitHooks.builder()
                .on(
                        AUTHOR,
                        on -> on.afterCommitInsert((author, ctx) -> {
                                    events.add("after " + author.row().getName() + " #"
                                            + ctx.transaction().attempt());
                                    if (author.row().getName().equals("after throws")) {
                                        throw new DataAccessException(
                                                "40001 of a hook's own", new SQLException("x", "40001"));
                                    }
                                })
                                .failedCommitInsert((author, ctx) -> events.add("failed "
                                        + author.row().getName() + " #"
                                        + ctx.transaction().attempt() + " "
                                        + ctx.failure().orElseThrow().stage())))
                .build();
        this.dsl = hooks.attachTo(database.dsl(database.pool(3)));
    }

    RetryPolicy attempts(int attempts) {
        return RetryPolicy.attempts(attempts).sleeper(pauses::add);
    }

    static AuthorRecord author(Configuration tx, String name) {
        AuthorRecord author = tx.dsl().newRecord(AUTHOR);
        author.setName(name);
        author.store();
        return author;
    }

    /** Fails as a transaction does that lost against another one: the database itself says so. */
    void lose(Configuration tx, String sqlState) {
        database.raise(tx.dsl(), sqlState);
    }

    List<String> committedNames() {
        return database.journal().stream()
                .map(row -> String.valueOf(row.value("name")))
                .toList();
    }
}
