package dev.commithooks.boundary;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.CommitHooks;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.hook.HookOptions;
import dev.commithooks.transaction.FailureNote;
import dev.commithooks.transaction.HookFailure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jooq.DSLContext;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What hooks throw reaches the caller by the rules of their phase, and never changes what is true of the rows. */
@Database
class HookErrorsTest extends HookErrorsFixture {

    HookErrorsTest(TestDatabase database) {
        super(database);
    }

    @Nested
    class Before {

        @Test
        void firstExceptionStopsTheRestAndRollsBack() {
            IllegalStateException veto = new IllegalStateException("veto");
            DSLContext dsl = dsl(CommitHooks.builder().on(AUTHOR, on -> on.beforeCommitInsert(throwing(veto))));

            assertThatThrownBy(() -> dsl.transaction(storing("a", "b"))).isSameAs(veto);

            assertThat(journal.events())
                    .containsExactly("failed BEFORE_HOOK insert author[1]", "failed BEFORE_HOOK insert author[2]");
            assertRows();
        }

        @Test
        void failureTellsWhichChangesHadTheirBeforeHooks() {
            List<String> told = new ArrayList<>();
            DSLContext dsl = dsl(CommitHooks.builder()
                    .on(
                            AUTHOR,
                            on -> on.beforeCommitInsert((author, ctx) -> {
                                        if (author.row().getName().equals("b")) {
                                            throw new IllegalStateException("veto");
                                        }
                                    })
                                    .failedCommitInsert((author, ctx) -> told.add(author.row()
                                                    .getName() + " "
                                            + ctx.failure().orElseThrow().beforeRan()))));

            assertThatThrownBy(() -> dsl.transaction(storing("a", "b", "c"))).hasMessage("veto");

            assertThat(told).containsExactly("a true", "b false", "c false");
            assertRows();
        }

        @Test
        void vetoSaysWhichHookOnWhichTableThrew() {
            IllegalStateException veto = new IllegalStateException("veto");
            DSLContext dsl = dsl(CommitHooks.builder()
                    .on(AUTHOR, HookOptions.named("picky"), on -> on.beforeCommit(throwing(veto))));

            assertThatThrownBy(() -> dsl.transaction(storing("a", "b"))).isSameAs(veto);

            FailureNote note = FailureNote.of(veto).orElseThrow();
            assertThat(note)
                    .hasMessageContaining("beforeCommit hook 'picky' on public.author threw")
                    .hasMessageContaining("IS rolled back")
                    .hasMessageContaining(note.transaction().orElseThrow().id());
            assertThat(note.getStackTrace()).isEmpty();
            HookFailure hook = note.hook().orElseThrow();
            assertThat(hook.hook() + " " + hook.method() + " " + hook.changes()).isEqualTo("picky beforeCommit 2");
            assertThat(hook.table()).contains(AUTHOR);
            assertThat(hook.cause()).isSameAs(veto);
            assertRows();
        }

        @Test
        void vetoOfACallbackSaysSo() {
            IllegalStateException veto = new IllegalStateException("veto");
            DSLContext dsl = dsl(CommitHooks.builder());

            assertThatThrownBy(() -> dsl.transaction(tx -> {
                        storing("a").run(tx);
                        CommitHooks.current(tx).beforeCommit(() -> {
                            throw veto;
                        });
                    }))
                    .isSameAs(veto);

            assertThat(FailureNote.of(veto).orElseThrow())
                    .hasMessageContaining("beforeCommit callback threw")
                    .hasMessageContaining("IS rolled back");
            assertRows();
        }

        @Test
        void exceptionThatIsThrownAgainAndAgainDoesNotGrow() {
            IllegalStateException constant = new IllegalStateException("veto");
            DSLContext dsl = dsl(CommitHooks.builder().on(AUTHOR, on -> on.beforeCommit(throwing(constant))));

            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> dsl.transaction(storing("a"))).isSameAs(constant);
            }

            assertThat(constant.getSuppressed()).hasSize(1);
            assertRows();
        }

        @Test
        void checkedExceptionIsWrappedAsJooqWrapsTheWorksOwn() {
            IOException veto = new IOException("veto");
            DSLContext dsl = dsl(CommitHooks.builder().on(AUTHOR, on -> on.beforeCommit(throwing(veto))));

            Throwable thrown = catchThrowable(() -> dsl.transaction(storing("a")));
            Throwable plain = catchThrowable(() -> database.dsl().transaction(tx -> {
                throw veto;
            }));

            assertThat(thrown).isExactlyInstanceOf(plain.getClass()).hasCause(veto);
            assertRows();
        }

        @Test
        void errorRollsBackAndReachesTheCaller() {
            AssertionError veto = new AssertionError("veto");
            DSLContext dsl = dsl(CommitHooks.builder().on(AUTHOR, on -> on.beforeCommitInsert(throwing(veto))));

            assertThatThrownBy(() -> dsl.transaction(storing("a"))).isSameAs(veto);

            assertThat(journal.events()).containsExactly("failed BEFORE_HOOK insert author[1]");
            assertRows();
        }
    }

    @Nested
    class Failed {

        @Test
        void everyHookRunsAndFailuresAreSuppressedInTheExceptionOnItsWay() {
            IllegalStateException work = new IllegalStateException("work");
            IOException failed = new IOException("failed");
            DSLContext dsl = dsl(CommitHooks.builder()
                    .on(AUTHOR, HookOptions.named("undo"), on -> on.failedCommitInsert(throwing(failed))));

            assertThatThrownBy(() -> dsl.transaction(tx -> {
                        storing("a").run(tx);
                        throw work;
                    }))
                    .isSameAs(work)
                    .hasSuppressedException(failed);
            assertThat(FailureNote.of(failed).orElseThrow())
                    .hasMessageContaining("failedCommitInsert hook 'undo' on public.author failed for 1 of 1 row.")
                    .hasMessageContaining("IS rolled back");
            assertThat(FailureNote.of(work)).isEmpty();

            assertThat(journal.events()).containsExactly("failed WORK insert author[1]");
            assertRows();
        }

        @Test
        void failuresAreThrownWhereNoExceptionIsOnItsWay() {
            IOException failed = new IOException("failed");
            DSLContext dsl = dsl(CommitHooks.builder().on(AUTHOR, on -> on.failedCommitInsert(throwing(failed))));

            Throwable thrown = catchThrowable(() -> dsl.transaction(tx -> {
                storing("a").run(tx);
                CommitHooks.current(tx).setRollbackOnly();
            }));

            assertThat(thrown).hasRootCause(failed);
            assertThat(journal.events()).containsExactly("failed ROLLBACK_ONLY insert author[1]");
            assertRows();
        }
    }
}
