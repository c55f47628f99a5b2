package dev.commithooks.boundary;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.CommitHooks;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.Cascade;
import java.util.ArrayList;
import java.util.List;
import org.jooq.DSLContext;
import org.junit.jupiter.api.Test;

/** Where nobody hears before a commit, the phase is passed all the same: other hooks are told what they would be told elsewhere. */
@Database
@NeedsRealCommits("connections and outcomes of its own")
class WithoutBeforeHooksTest extends EdgesFixture {

    WithoutBeforeHooksTest(TestDatabase database) {
        super(database);
    }

    @Test
    void failedHooksHearThatItWasPassed() {
        DSLContext dsl = CommitHooks.builder()
                .on(
                        AUTHOR,
                        on -> on.failedCommitInsert((author, ctx) -> journal.add(
                                "passed " + ctx.failure().orElseThrow().beforeRan())))
                .participant(commit -> {
                    throw new IllegalStateException("no room");
                })
                .build()
                .attachTo(database.dsl());

        assertThatThrownBy(() -> dsl.transaction(tx -> author(tx.dsl(), "Ada"))).hasMessage("no room");

        assertThat(journal.events()).containsExactly("passed true");
        assertThat(names()).isEmpty();
    }

    @Test
    void classicRuleTakesNoRowOfTheWorkForOneOfBeforeHooks() {
        DSLContext dsl = CommitHooks.builder()
                .cascade(Cascade.none())
                .on(AUTHOR, on -> on.afterCommitInsert((author, ctx) -> journal.add("after")))
                .build()
                .attachTo(database.dsl());

        dsl.transaction(tx -> author(tx.dsl(), "Ada"));

        assertThat(journal.events()).containsExactly("after");
        assertThat(names()).containsExactly("Ada");
    }

    @Test
    void classicRuleTakesNoRowForOneOfBeforeHooksThatWereNeverReached() {
        DSLContext dsl = CommitHooks.builder()
                .cascade(Cascade.none())
                .on(AUTHOR, on -> on.failedCommitInsert((author, ctx) -> journal.add("failed")))
                .build()
                .attachTo(database.dsl());

        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    author(tx.dsl(), "Ada");
                    throw new IllegalStateException("work");
                }))
                .hasMessage("work");

        assertThat(journal.events()).containsExactly("failed");
        assertThat(names()).isEmpty();
    }

    /** A participant is the last who may undo a part of the work. */
    @Test
    void rowInThePlaceOfOneThatAParticipantRolledBackHasPassedNothing() {
        cutByAParticipant(Cascade.rounds(2), true);

        assertThat(journal.events())
                .containsExactly(
                        "failed second, passed true", "failed first, passed true", "failed third, passed false");
        assertThat(names()).isEmpty();
    }

    @Test
    void classicRuleTakesNoRowThatAParticipantHasCausedForTheOneInWhosePlaceItStands() {
        cutByAParticipant(Cascade.none(), false);

        assertThat(journal.events()).containsExactly("failed second, passed true", "after first");
        assertThat(names()).containsExactly("first", "third");
    }

    private void cutByAParticipant(Cascade cascade, boolean fails) {
        List<DSLContext> work = new ArrayList<>();
        DSLContext dsl = CommitHooks.builder()
                .cascade(cascade)
                .on(
                        AUTHOR,
                        on -> on.failedCommitInsert((author, ctx) ->
                                        journal.add("failed " + author.row().getName() + ", passed "
                                                + ctx.failure().orElseThrow().beforeRan()))
                                .afterCommitInsert((author, ctx) ->
                                        journal.add("after " + author.row().getName())))
                .participant(commit -> {
                    work.get(0).execute("rollback to savepoint s");
                    author(work.get(0), "third");
                    if (fails) {
                        throw new IllegalStateException("no room");
                    }
                    return outcome -> {};
                })
                .build()
                .attachTo(database.dsl());

        Throwable thrown = catchThrowable(() -> dsl.transaction(tx -> {
            work.add(tx.dsl());
            author(tx.dsl(), "first");
            tx.dsl().execute("savepoint s");
            author(tx.dsl(), "second");
        }));

        if (fails) {
            assertThat(thrown).hasMessage("no room");
        } else {
            assertThat(thrown).isNull();
        }
    }

    @Test
    void participantsThatWereAskedBeforeTheOneThatThrowsHearThatItIsRolledBack() {
        DSLContext dsl = CommitHooks.builder()
                .on(AUTHOR, on -> on.afterCommitInsert((author, ctx) -> journal.add("after")))
                .participant(commit -> outcome -> journal.add("first " + outcome))
                .participant(commit -> {
                    throw new IllegalStateException("no room");
                })
                .participant(commit -> outcome -> journal.add("third " + outcome))
                .build()
                .attachTo(database.dsl());

        assertThatThrownBy(() -> dsl.transaction(tx -> author(tx.dsl(), "Ada"))).hasMessage("no room");

        assertThat(journal.events()).containsExactly("first ROLLED_BACK");
        assertThat(names()).isEmpty();
    }
}
