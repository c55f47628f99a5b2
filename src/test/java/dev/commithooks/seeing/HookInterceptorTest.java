package dev.commithooks.seeing;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.CommitHooksBuilder;
import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.hook.HookOptions;
import dev.commithooks.spi.HookInterceptor;
import dev.commithooks.spi.HookObserver;
import dev.commithooks.transaction.AfterCommitException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jooq.DSLContext;
import org.junit.jupiter.api.Test;

/** What stands around the calls that tell of an outcome. */
@Database
class HookInterceptorTest {

    private final TestDatabase database;
    private final List<String> seen = new ArrayList<>();
    private final List<HookInterceptor.Invocation> kept = new ArrayList<>();

    HookInterceptorTest(TestDatabase database) {
        this.database = database;
    }

    private static void author(DSLContext dsl, String name) {
        AuthorRecord author = dsl.newRecord(AUTHOR);
        author.setName(name);
        author.store();
    }

    private DSLContext attached(CommitHooksBuilder hooks) {
        return hooks.build().attachTo(database.dsl());
    }

    private final class Notes implements HookObserver {
        @Override
        public void hookStarted(HookCall call) {
            seen.add("started " + call.method());
        }

        @Override
        public void hookFinished(HookCall call, Duration duration) {
            seen.add("finished " + call.method());
        }

        @Override
        public void hookFailed(HookCall call, Duration duration, Throwable failure) {
            seen.add("threw " + call.method());
        }
    }

    @Test
    void standsAroundEachCallThatTellsOfAnOutcome() {
        HookJournal journal = new HookJournal();
        DSLContext dsl = attached(
                CommitHooks.builder().registerAll(journal).observer(new Notes()).interceptor((call, invocation) -> {
                    seen.add("around " + call.phase() + " " + call.method());
                    invocation.proceed();
                }));

        dsl.transaction(tx -> {
            author(tx.dsl(), "one");
            CommitHooks.current(tx).beforeCommit(() -> {});
            CommitHooks.current(tx).onCommit(() -> {});
        });
        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    author(tx.dsl(), "two");
                    CommitHooks.current(tx)
                            .onRollback(failure -> seen.add("after before hooks: " + failure.beforeRan()));
                    throw new IllegalStateException("on purpose");
                }))
                .hasMessage("on purpose");

        assertThat(seen)
                .containsExactly(
                        "started beforeCommitInsert",
                        "finished beforeCommitInsert",
                        "started beforeCommit",
                        "finished beforeCommit",
                        "around AFTER afterCommitInsert",
                        "started afterCommitInsert",
                        "finished afterCommitInsert",
                        "around AFTER onCommit",
                        "started onCommit",
                        "finished onCommit",
                        "around FAILED failedCommitInsert",
                        "started failedCommitInsert",
                        "finished failedCommitInsert",
                        "around FAILED onRollback",
                        "started onRollback",
                        "after before hooks: false",
                        "finished onRollback");
        assertThat(journal.events())
                .containsExactly("before insert author[1]", "after insert author[1]", "failed WORK insert author[2]");
    }

    /** The context is turned from call to call; a call that is made late has that of its own. */
    @Test
    void aCallMadeLaterIsGivenWhatItWouldHaveBeenGiven() throws Exception {
        DSLContext dsl = attached(CommitHooks.builder()
                .on(
                        AUTHOR,
                        HookOptions.named("first"),
                        on -> on.afterCommitInsert((author, ctx) -> {
                            seen.add("first " + author.row().getName() + ctx.outcome()
                                    + ctx.changes().all().size());
                            ctx.changes().of(AUTHOR).inserted().get(0).row().setName("altered by first");
                        }))
                .on(
                        AUTHOR,
                        HookOptions.named("second"),
                        on -> on.afterCommitInsert((author, ctx) -> seen.add("second "
                                + ctx.changes()
                                        .of(AUTHOR)
                                        .inserted()
                                        .get(0)
                                        .row()
                                        .getName()
                                + ctx.dsl().fetchCount(AUTHOR))))
                .interceptor((call, invocation) -> kept.add(invocation)));

        dsl.transaction(tx -> {
            author(tx.dsl(), "one");
            CommitHooks.current(tx).onCommit(() -> seen.add("callback"));
        });
        assertThat(seen).isEmpty();
        author(database.dsl(), "two");
        for (HookInterceptor.Invocation call : kept) {
            call.proceed();
        }

        assertThat(seen).containsExactly("first oneOptional[COMMITTED]1", "second one2", "callback");
        assertThatThrownBy(kept.get(0)::proceed)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("afterCommitInsert 'first' was called already: a call is made once");
    }

    /** A savepoint's failed hooks, made when the transaction around it is committed, know of the savepoint. */
    @Test
    void ofASavepointTooWhenItsTransactionHasEnded() throws Exception {
        DSLContext dsl = attached(CommitHooks.builder()
                .on(
                        AUTHOR,
                        on -> on.failedCommitInsert(
                                (author, ctx) -> seen.add(author.row().getName() + " "
                                        + ctx.failure().orElseThrow().stage() + " at depth "
                                        + ctx.transaction().depth())))
                .interceptor((call, invocation) -> kept.add(invocation)));

        dsl.transaction(tx -> {
            assertThatThrownBy(() -> tx.dsl().transaction(nested -> {
                        author(nested.dsl(), "nested");
                        throw new IllegalStateException("on purpose");
                    }))
                    .hasMessage("on purpose");
            author(tx.dsl(), "outer");
        });
        assertThat(kept).hasSize(1);
        kept.get(0).proceed();

        assertThat(seen).containsExactly("nested SAVEPOINT at depth 1");
    }

    @Test
    void whatItThrowsCountsAsTheHooksOwn() {
        DSLContext dsl = attached(CommitHooks.builder()
                .on(AUTHOR, HookOptions.named("mail"), on -> on.afterCommitInsert((author, ctx) -> seen.add("called")))
                .observer(new Notes())
                .interceptor((call, invocation) -> {
                    throw new IllegalStateException("no mail today");
                }));

        assertThatThrownBy(() -> dsl.transaction(tx -> author(tx.dsl(), "one")))
                .isInstanceOf(AfterCommitException.class)
                .hasMessageContaining("'mail'")
                .hasRootCauseMessage("no mail today");
        assertThat(seen).isEmpty();
        assertThat(database.dsl().fetchCount(AUTHOR)).isEqualTo(1);
    }

    @Test
    void isShownWhereThereIsOne() {
        assertThat(CommitHooks.builder().build().explain().toString()).doesNotContain("interceptor");
        assertThat(CommitHooks.builder()
                        .interceptor((call, invocation) -> invocation.proceed())
                        .build()
                        .explain()
                        .toString())
                .contains("interceptor");
    }
}
