package dev.commithooks.boundary;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.Cascade;
import org.jooq.DSLContext;
import org.junit.jupiter.api.Test;

/** A before hook rolls back to a savepoint: those after it are given rows as they are now. */
@Database
@NeedsRealCommits("connections and outcomes of its own")
class CutByABeforeHookTest extends EdgesFixture {

    CutByABeforeHookTest(TestDatabase database) {
        super(database);
    }

    @Test
    void beforeHooksAreGivenNoRowAsAnUpdateMadeItThatWasRolledBackMeanwhile() {
        DSLContext dsl = CommitHooks.builder()
                .on(
                        AUTHOR,
                        on -> on.beforeCommitInsert((author, ctx) -> {
                                    journal.add("before " + author.row().getName());
                                    if (author.row().getName().equals("first")) {
                                        ctx.dsl().execute("rollback to savepoint s");
                                    }
                                })
                                .afterCommitInsert((author, ctx) ->
                                        journal.add("after " + author.row().getName())))
                .build()
                .attachTo(database.dsl());

        dsl.transaction(tx -> {
            author(tx.dsl(), "first");
            AuthorRecord second = author(tx.dsl(), "second");
            tx.dsl().execute("savepoint s");
            second.setName("changed");
            second.store();
        });

        assertThat(journal.events()).containsExactly("before first", "before second", "after first", "after second");
        assertThat(names()).containsExactly("first", "second");
    }

    @Test
    void beforeHooksAreGivenARowThatStandsInThePlaceOfOneThatWasRolledBack() {
        replaceSecondByThird(Cascade.rounds(2));

        assertThat(journal.events())
                .containsExactly(
                        "before first",
                        "before second",
                        "failed second, before hooks ran: true",
                        "before third",
                        "after first",
                        "after third");
    }

    @Test
    void classicRuleTakesNoRowOfABeforeHookForTheOneInWhosePlaceItStands() {
        replaceSecondByThird(Cascade.none());

        assertThat(journal.events())
                .containsExactly(
                        "before first", "before second", "failed second, before hooks ran: true", "after first");
    }

    private void replaceSecondByThird(Cascade cascade) {
        DSLContext dsl = CommitHooks.builder()
                .cascade(cascade)
                .on(
                        AUTHOR,
                        on -> on.beforeCommitInsert((author, ctx) ->
                                        journal.add("before " + author.row().getName()))
                                .failedCommitInsert((author, ctx) ->
                                        journal.add("failed " + author.row().getName() + ", before hooks ran: "
                                                + ctx.failure().orElseThrow().beforeRan()))
                                .afterCommitInsert((author, ctx) ->
                                        journal.add("after " + author.row().getName())))
                .build()
                .attachTo(database.dsl());

        dsl.transaction(tx -> {
            author(tx.dsl(), "first");
            tx.dsl().execute("savepoint s");
            author(tx.dsl(), "second");
            CommitHooks.current(tx).beforeCommit(() -> {
                tx.dsl().execute("rollback to savepoint s");
                author(tx.dsl(), "third");
            });
        });

        assertThat(names()).containsExactly("first", "third");
    }
}
