package dev.commithooks.boundary;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.Cascade;
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
}
