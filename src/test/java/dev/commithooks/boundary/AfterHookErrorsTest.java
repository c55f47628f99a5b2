package dev.commithooks.boundary;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.CommitHooks;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.hook.HookOptions;
import dev.commithooks.policy.AfterCommitErrors;
import dev.commithooks.transaction.AfterCommitException;
import dev.commithooks.transaction.HookFailure;
import dev.commithooks.transaction.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.Test;

/** What becomes of the other hooks, the data and the caller when after hooks throw. */
@Database
class AfterHookErrorsTest extends HookErrorsFixture {

    AfterHookErrorsTest(TestDatabase database) {
        super(database);
    }

    @Test
    void everyHookRunsAndOneExceptionSaysThatTheDataIsCommitted() {
        IllegalStateException first = new IllegalStateException("first");
        IOException second = new IOException("second");
        DSLContext dsl = dsl(CommitHooks.builder()
                .on(AUTHOR, HookOptions.named("mail"), on -> on.afterCommitInsert(throwing(first)))
                .on(AUTHOR, HookOptions.named("index"), on -> on.afterCommit(throwing(second))));

        AfterCommitException thrown = (AfterCommitException) catchThrowable(() -> dsl.transaction(storing("a", "b")));

        assertThat(thrown)
                .isNotInstanceOf(DataAccessException.class)
                .hasMessageContaining("IS committed")
                .hasMessageContaining("afterCommitInsert hook 'mail' on public.author failed for 2 of 2 rows")
                .hasMessageContaining("afterCommit hook 'index' on public.author failed for 2 of 2 rows")
                .hasCause(first);
        assertThat(thrown.outcome()).isEqualTo(Outcome.COMMITTED);
        assertThat(thrown.failures()).extracting(HookFailure::cause).containsExactly(first, second);
        assertThat(journal.events())
                .containsExactly(
                        "before insert author[1]",
                        "before insert author[2]",
                        "after insert author[1]",
                        "after insert author[2]");
        assertRows("a", "b");
    }

    @Test
    void failuresOfSomeRowsAreCounted() {
        DSLContext dsl = dsl(CommitHooks.builder()
                .on(
                        AUTHOR,
                        HookOptions.named("picky"),
                        on -> on.afterCommitInsert((author, ctx) -> {
                            if (author.row().getName().equals("b")) {
                                throw new IllegalStateException("not b");
                            }
                        })));

        assertThatThrownBy(() -> dsl.transaction(storing("a", "b", "c")))
                .hasMessageContaining("hook 'picky' on public.author failed for 1 of 3 rows");
        assertRows("a", "b", "c");
    }

    @Test
    void nothingIsSentToTheServerAfterTheCommit() {
        DSLContext dsl = dsl(
                CommitHooks.builder().on(AUTHOR, on -> on.afterCommitInsert(throwing(new AssertionError("after")))));

        assertThatThrownBy(() -> dsl.transaction(storing("a")))
                .isInstanceOf(AfterCommitException.class)
                .hasCauseInstanceOf(AssertionError.class)
                .hasNoSuppressedExceptions();
        assertRows("a");
    }

    @Test
    void failuresMayBeLoggedOrHandled() {
        List<AfterCommitException> handled = new ArrayList<>();
        DSLContext dsl = dsl(CommitHooks.builder()
                .on(AUTHOR, on -> on.afterCommitInsert(throwing(new IllegalStateException("after"))))
                .afterCommitErrors(handled::add));
        dsl.transaction(storing("a"));
        DSLContext logging = CommitHooks.builder()
                .on(AUTHOR, on -> on.afterCommitInsert(throwing(new IllegalStateException("after"))))
                .afterCommitErrors(AfterCommitErrors.LOG)
                .build()
                .attachTo(database.dsl());
        logging.transaction(storing("b"));

        assertThat(handled)
                .singleElement()
                .satisfies(e -> assertThat(e.failures()).hasSize(1));
        assertRows("a", "b");
    }

    @Test
    void interruptIsRestoredWhenAllHooksHaveRun() {
        DSLContext dsl = dsl(CommitHooks.builder()
                .on(AUTHOR, on -> on.afterCommitInsert(throwing(new InterruptedException("stop")))));

        assertThatThrownBy(() -> dsl.transaction(storing("a"))).isInstanceOf(AfterCommitException.class);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(journal.events()).contains("after insert author[1]");
        assertRows("a");
    }

    @Test
    void anotherTransactionOfTheSameThreadIsNotConcerned() {
        DSLContext dsl = dsl(CommitHooks.builder()
                .on(
                        AUTHOR,
                        on -> on.afterCommitInsert((author, ctx) -> {
                            if (author.row().getName().equals("a")) {
                                throw new IllegalStateException("a");
                            }
                        })));

        assertThatThrownBy(() -> dsl.transaction(storing("a"))).isInstanceOf(AfterCommitException.class);
        dsl.transaction(storing("b"));

        assertRows("a", "b");
    }
}
