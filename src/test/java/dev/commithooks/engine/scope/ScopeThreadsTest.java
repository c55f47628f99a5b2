package dev.commithooks.engine.scope;

import static dev.commithooks.engine.scope.ScopeState.BEFORE;
import static dev.commithooks.engine.scope.ScopeState.ENDING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.engine.log.LevelMark;
import dev.commithooks.engine.log.Write;
import dev.commithooks.fixture.Waiting;
import dev.commithooks.transaction.StatementRefusedException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** One transaction's threads, without a database. */
class ScopeThreadsTest extends ScopeFixture {

    @Nested
    class Threads {

        private final AtomicReference<Throwable> thrown = new AtomicReference<>();

        private Thread other(Runnable work) {
            Thread thread = new Thread(() -> {
                try {
                    work.run();
                } catch (Throwable e) {
                    thrown.set(e);
                }
            });
            thread.setDaemon(true);
            thread.start();
            return thread;
        }

        private void awaitWaiting(Thread thread) {
            Waiting.until(() -> thread.getState() == Thread.State.TIMED_WAITING);
        }

        private void join(Thread thread) {
            try {
                thread.join(60_000);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            assertThat(thread.isAlive()).isFalse();
        }

        /** Within a call of jOOQ's, as statements are: one whose thread has left jOOQ is not waited for. */
        private void withinJooq(Runnable work) {
            new AuthorRecord().map(record -> {
                work.run();
                return record;
            });
        }

        private void statement(String isbn) {
            scope.aboutToSend("public.stock", List::of);
            scope.written(row(isbn));
            scope.ended(null);
        }

        @Test
        void waitForTheStatementThatIsUnderWay() {
            withinJooq(() -> {
                scope.aboutToSend("public.stock", List::of);
                scope.aboutToSend("public.stock", List::of); // one within the other
                Thread other = other(() -> statement("other"));
                awaitWaiting(other);
                scope.ended(null);
                awaitWaiting(other);
                Write mine = write("mine");
                scope.ended(null);
                join(other);

                assertThat(thrown).hasValue(null);
                assertThat(scope.log()).hasSize(2).startsWith(mine);
            });
        }

        @Test
        void waitWithTheirSavepoints() {
            withinJooq(() -> {
                AtomicBoolean within = new AtomicBoolean();
                scope.aboutToSend("public.stock", List::of);
                Thread other = other(() -> scope.whileNothingElseIsUnderWay(() -> {
                    within.set(scope.isWithinStatement());
                    scope.savepointSet("a", false, "a");
                }));
                awaitWaiting(other);
                Write mine = write("mine");
                scope.ended(null);
                join(other);

                assertThat(scope.log()).containsExactly(mine, new LevelMark("savepoint a"));
                assertThat(within).isTrue();
                statement("after"); // the way is free again
                assertThat(scope.log()).hasSize(3);
            });
        }

        @Test
        void areWaitedForByTheBoundary() {
            withinJooq(() -> {
                scope.aboutToSend("public.stock", List::of);
                Thread boundary = other(() -> scope.enter(BEFORE));
                awaitWaiting(boundary);
                scope.ended(null);
                join(boundary);

                assertThat(scope.state()).isEqualTo(BEFORE);
            });
        }

        @Test
        void areRefusedOnceTheBoundaryHasBegun() {
            scope.enter(BEFORE);
            statement("a before hook's");
            Thread other = other(() -> statement("other"));
            join(other);

            assertThat(thrown.get())
                    .isInstanceOf(StatementRefusedException.class)
                    .hasMessageContaining("A write to public.stock")
                    .hasMessageContaining("BEFORE")
                    .hasMessageContaining("nothing was sent");
            assertThat(scope.log()).hasSize(1);
            scope.enter(ENDING);
            assertThatThrownBy(() -> statement("late")).isInstanceOf(StatementRefusedException.class);
        }

        @Test
        void doNotLoseAnInterruptWhileTheyWait() {
            withinJooq(() -> {
                AtomicBoolean interrupted = new AtomicBoolean();
                scope.aboutToSend("public.stock", List::of);
                Thread other = other(() -> {
                    statement("other");
                    interrupted.set(Thread.currentThread().isInterrupted());
                });
                awaitWaiting(other);
                other.interrupt();
                Waiting.until(() -> !other.isInterrupted());
                awaitWaiting(other);
                scope.ended(null);
                join(other);

                assertThat(interrupted).isTrue();
                assertThat(scope.log()).hasSize(1);
            });
        }

        @Test
        void areWithinTheirOwnStatementsOnly() {
            AtomicBoolean within = new AtomicBoolean(true);
            assertThat(scope.isWithinStatement()).isFalse();
            scope.aboutToSend("public.stock", List::of);
            assertThat(scope.isWithinStatement()).isTrue();
            join(other(() -> within.set(scope.isWithinStatement())));
            assertThat(within).isFalse();
            scope.ended(null);
            scope.ended(null); // one that was never begun
            assertThat(scope.isWithinStatement()).isFalse();
            scope.aboutToSend("public.stock", List::of);
            assertThat(scope.isWithinStatement()).isTrue();
        }

        @Test
        void forgetAtTheBoundaryTheStatementsOfWhoseEndNobodyTold() {
            withinJooq(() -> {
                scope.aboutToSend("public.stock", List::of);
                scope.aboutToSend("public.stock", List::of);
                Thread waiting = other(() -> scope.whileNothingElseIsUnderWay(() -> {}));
                awaitWaiting(waiting);

                scope.enter(BEFORE);
                join(waiting);

                assertThat(scope.isWithinStatement()).isFalse();
            });
        }
    }
}
