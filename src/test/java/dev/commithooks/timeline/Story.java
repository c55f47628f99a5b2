package dev.commithooks.timeline;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;

import dev.commithooks.CommitHooks;
import dev.commithooks.Transactions;
import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.hook.HookOptions;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;

/** A transaction with a savepoint that is released and one that is rolled back, and one whose hook refuses it; full of markup. */
final class Story {

    static final String MARKUP = "<script>document.title = 'run'</script>";

    private Story() {}

    static void tell(TestDatabase database, Timeline timeline) {
        Configuration plain = database.dsl().configuration();
        DSLContext dsl = CommitHooks.builder()
                .observer(timeline)
                .on(
                        AUTHOR,
                        HookOptions.named("greeter " + MARKUP),
                        on -> on.afterCommitInsert((author, ctx) -> ctx.dsl().fetchCount(AUTHOR))
                                .failedCommitInsert((author, ctx) -> {})
                                .beforeCommitUpdate((author, ctx) -> {
                                    throw new IllegalStateException("no " + MARKUP);
                                }))
                .build()
                .attachTo(DSL.using(plain.deriveAppending(timeline.statements())));
        Transactions.with(dsl).name("story " + MARKUP).run(tx -> {
            author(tx, "Ursula & Ann");
            tx.dsl().transaction(nested -> author(nested, "kept " + MARKUP));
            try {
                tx.dsl().transaction(nested -> {
                    author(nested, "withdrawn");
                    nested.dsl().execute("insert into author (name, email) values ('secret', 'no address')");
                });
            } catch (DataAccessException refused) {
                tx.dsl().fetchCount(AUTHOR);
            }
        });
        try {
            dsl.transaction(tx -> tx.dsl()
                    .update(AUTHOR)
                    .set(AUTHOR.NAME, DSL.inline("secret 'name'"))
                    .where(AUTHOR.ID.eq(DSL.inline(1L)))
                    .execute());
        } catch (IllegalStateException veto) {
            dsl.fetchCount(AUTHOR);
        }
    }

    private static void author(Configuration tx, String name) {
        AuthorRecord author = tx.dsl().newRecord(AUTHOR);
        author.setName(name);
        author.store();
    }
}
