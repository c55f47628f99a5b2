package dev.commithooks.engine.scope;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.bookshop.shop.Tables.STOCK;
import static dev.commithooks.engine.scope.ScopeState.ACTIVE;
import static dev.commithooks.engine.scope.ScopeState.BEFORE;
import static dev.commithooks.engine.scope.ScopeState.ENDED;
import static dev.commithooks.engine.scope.ScopeState.ENDING;
import static dev.commithooks.engine.scope.ScopeState.SETTLING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.change.ChangeType;
import dev.commithooks.engine.log.HandedOver;
import dev.commithooks.engine.log.LevelMark;
import dev.commithooks.engine.log.LogItem;
import dev.commithooks.engine.log.LoggedCallback;
import dev.commithooks.engine.log.Write;
import dev.commithooks.engine.registry.HookMethod;
import dev.commithooks.engine.registry.HookedTable;
import dev.commithooks.engine.registry.Registration;
import dev.commithooks.engine.registry.Registry;
import dev.commithooks.engine.registry.RowPolicies;
import dev.commithooks.fixture.Waiting;
import dev.commithooks.hook.HookContext;
import dev.commithooks.hook.HookOptions;
import dev.commithooks.spi.DurableHook;
import dev.commithooks.spi.HandOver;
import dev.commithooks.spi.HookObserver.Phase;
import dev.commithooks.transaction.Outcome;
import dev.commithooks.transaction.StatementRefusedException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jooq.conf.Settings;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** One transaction's log, savepoints, states and threads, without a database. */
class TransactionScopeTest {

    private static final HookedTable TABLE = Objects.requireNonNull(new Registry(
                    List.of(Registration.of(STOCK, HookMethod.AFTER_SET, (rows, ctx) -> {}, HookOptions.defaults())),
                    RowPolicies.defaults())
            .find(STOCK));

    private final ScopeInfo identity = ScopeInfo.next("order", 2, Instant.EPOCH);
    private final TransactionScope scope = new TransactionScope(identity, true);

    private static Write row(String isbn) {
        return new Write(TABLE, "public.stock", ChangeType.INSERT, null, new Object[] {isbn, 1, null}, null);
    }

    private Write write(String isbn) {
        Write write = row(isbn);
        scope.written(write);
        return write;
    }

    private static LoggedCallback callback(Phase phase) {
        return new LoggedCallback(phase, failure -> {});
    }

    private static HandedOver text() {
        return new HandedOver(new HandOver.Text(
                new DurableHook.OnText() {
                    @Override
                    public String name() {
                        return "ship";
                    }

                    @Override
                    public void call(String text, HookContext ctx) {}
                },
                "it"));
    }

    @Nested
    class ASavepoint {

        @Test
        void takesOutWhatCameAfterItWhenItIsRolledBack() {
            Write before = write("before");
            scope.savepointSet("a", false, "a");
            Write after = write("after");
            LoggedCallback callback = callback(Phase.AFTER);
            scope.register(callback);

            assertThat(scope.savepointRolledBack("a")).containsExactly(after, callback);

            assertThat(scope.log()).containsExactly(before, new LevelMark("savepoint a"));
            assertThat(scope.cuts()).isEqualTo(1);
            assertThat(scope.size()).isEqualTo(2);
            assertThat(scope.isSet("a")).isTrue();
            assertThat(scope.hasWritten()).isTrue();
        }

        @Test
        void givesWhatCameAfterItToTheEnclosingOneWhenItIsReleased() {
            scope.savepointSet("a", true, "1");
            scope.savepointSet("b", true, "2");
            Write inner = write("inner");
            scope.savepointReleased("b");

            assertThat(scope.isSet("b")).isFalse();
            assertThat(scope.log())
                    .containsExactly(
                            new LevelMark("savepoint 1"), new LevelMark("savepoint 2"), inner, LevelMark.RELEASED);
            assertThat(scope.savepointRolledBack("a")).contains(inner).hasSize(3);
        }

        @Test
        void leavesNoTraceWhenItIsReleasedAndNothingWasDoneUnderIt() {
            scope.savepointSet("a", false, "a");
            scope.savepointSet("b", false, "b");

            scope.savepointReleased("a");

            assertThat(scope.log()).isEmpty();
            assertThat(scope.isSet("a")).isFalse();
            assertThat(scope.isSet("b")).isFalse();
        }

        @Test
        void thatIsReleasedAfterAnotherWasKeepsThePlaceOfEach() {
            scope.savepointSet("a", false, "a");
            scope.savepointSet("b", false, "b");
            write("x");
            scope.savepointReleased("b");

            scope.savepointReleased("a");

            assertThat(scope.log()).hasSize(5).endsWith(LevelMark.RELEASED, LevelMark.RELEASED);
        }

        @Test
        void destroysThoseSetAfterIt() {
            scope.savepointSet("a", false, "a");
            scope.savepointSet("b", false, "b");

            scope.savepointRolledBack("a");

            assertThat(scope.isSet("b")).isFalse();
            assertThat(scope.isSet("a")).isTrue();
        }

        @Test
        void shadowsAnEarlierOneOfItsName() {
            Write outermost = write("outermost");
            scope.savepointSet("a", false, "a");
            write("outer");
            scope.savepointSet("a", false, "a");
            Write inner = write("inner");

            assertThat(scope.savepointRolledBack("a")).containsExactly(inner);
            scope.savepointReleased("a");
            assertThat(scope.isSet("a")).isTrue();
            scope.savepointRolledBack("a");
            assertThat(scope.log()).containsExactly(outermost, new LevelMark("savepoint a"));
        }

        @Test
        void thatWasNeverHeardOfTakesOutEverything() {
            scope.savepointSet("a", false, "a");
            Write write = write("x");

            assertThat(scope.savepointRolledBack("other")).contains(write).hasSize(2);

            assertThat(scope.log()).isEmpty();
            assertThat(scope.isSet("a")).isFalse();
            scope.savepointReleased("other");
            assertThat(scope.log()).isEmpty();
        }

        @Test
        void knowsTheNestedTransactionsThatWereBegunAfterIt() {
            scope.savepointSet("a", false, "a");
            assertThat(scope.hasNestedTransactionAfter("a")).isFalse();
            Object nested = new Object();
            scope.savepointSet(nested, true, "1");
            scope.savepointSet("b", false, "b");

            assertThat(scope.hasNestedTransactionAfter("a")).isTrue();
            assertThat(scope.hasNestedTransactionAfter(nested)).isFalse();
            assertThat(scope.hasNestedTransactionAfter("b")).isFalse();
            assertThat(scope).asString().endsWith("savepoints [a, at depth 1, b]");

            scope.savepointSet(new Object(), false, "c");
            assertThat(scope).asString().endsWith("savepoints [a, at depth 1, b, unnamed]");
        }

        @Test
        void clearsTheFailureThatItUndoes() {
            RuntimeException failure = new RuntimeException("no");
            scope.savepointSet("a", false, "a");
            scope.statementFailed(failure);
            assertThat(scope.statementFailure()).isSameAs(failure);

            scope.savepointRolledBack("a");

            assertThat(scope.statementFailure()).isNull();
        }

        @Test
        void restoresTheRecordsOfItsPart() {
            AuthorRecord outer = new AuthorRecord();
            AuthorRecord inner = new AuthorRecord();
            assertThat(scope.restoresRecords()).isTrue();
            assertThat(new TransactionScope(identity, false).restoresRecords()).isFalse();
            assertThat(scope.remembersRecords()).isFalse();
            scope.remember(outer, new Settings());
            outer.setName("outer");
            scope.savepointSet("a", false, "a");
            scope.remember(inner, new Settings());
            inner.setName("inner");

            scope.savepointRolledBack("a");

            assertThat(inner.getName()).isNull();
            assertThat(outer.getName()).isEqualTo("outer");
            assertThat(scope.remembersRecords()).isTrue();
            scope.restoreRecords();
            assertThat(outer.getName()).isNull();
            assertThat(outer.field(AUTHOR.NAME)).isNotNull();
        }
    }

    @Nested
    class TheLog {

        @Test
        void givesEachWriteItsPlace() {
            Write first = write("first");
            scope.savepointSet("a", false, "a");
            Write second = write("second");

            assertThat(List.of(first.position(), second.position())).containsExactly(0, 2);
            assertThat(scope.snapshot()).isEqualTo(scope.log()).isNotSameAs(scope.log());
        }

        @Test
        void isEmptyWhenTheTransactionWasEndedBehindItsBack() {
            scope.savepointSet("a", false, "a");
            Write write = write("x");

            assertThat(scope.sever()).contains(write);

            assertThat(scope.log()).isEmpty();
            assertThat(scope.isSet("a")).isFalse();
            assertThat(scope.hasWritten()).isFalse();
        }

        @Test
        void isLetGoAtTheEnd() {
            write("x");
            scope.remember(new AuthorRecord(), new Settings());

            scope.enter(ENDED);

            assertThat(scope.size()).isZero();
            assertThat(scope.remembersRecords()).isFalse();
        }
    }

    @Nested
    class TheStates {

        @Test
        void comeInTheirOrder() {
            assertThat(scope.state()).isEqualTo(ACTIVE);
            for (ScopeState state : List.of(ACTIVE, BEFORE, ENDING)) {
                scope.enter(state);
                assertThat(scope.state()).isEqualTo(state);
                assertThat(scope.isOpen()).isTrue();
            }
            scope.enter(SETTLING);
            assertThat(scope.isOpen()).isFalse();
            assertThatThrownBy(() -> scope.enter(BEFORE))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("cannot go back to BEFORE");
            assertThat(scope.state()).isEqualTo(SETTLING);
        }

        @Test
        void outcomeIsDecidedOnce() {
            assertThat(scope.outcome()).isNull();
            scope.decide(Outcome.UNKNOWN);
            scope.decide(Outcome.COMMITTED);

            assertThat(scope.outcome()).isEqualTo(Outcome.UNKNOWN);
            assertThat(scope.state()).isEqualTo(SETTLING);
        }

        @Test
        void endComesWhenEverythingIsKnown() {
            write("x");

            assertThat(scope.end(0)).isFalse();
            assertThat(scope.state()).isEqualTo(ACTIVE);
            assertThat(scope.end(1)).isTrue();
            assertThat(scope.state()).isEqualTo(ENDED);
        }

        @Test
        void callbacksMayBeRegisteredUntilTheirPhaseIsOver() {
            scope.register(callback(Phase.BEFORE));
            scope.enter(BEFORE);
            scope.register(callback(Phase.BEFORE));
            assertThat(scope.endBeforeCallbacks(1)).isFalse();
            scope.register(callback(Phase.BEFORE));
            assertThat(scope.endBeforeCallbacks(3)).isTrue();
            assertThatThrownBy(() -> scope.register(callback(Phase.BEFORE)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("A callback for beforeCommit comes too late")
                    .hasMessageContaining("is BEFORE");
            scope.register(callback(Phase.AFTER));
            scope.enter(ENDING);
            assertThatThrownBy(() -> scope.register(callback(Phase.AFTER))).hasMessageContaining("is ENDING");
            scope.decide(Outcome.COMMITTED);
            scope.register(callback(Phase.AFTER));
            assertThatThrownBy(() -> scope.register(callback(Phase.FAILED)))
                    .hasMessageContaining("A callback for onRollback comes too late")
                    .hasMessageContaining("has ended, COMMITTED");
            scope.enter(ENDED);
            assertThatThrownBy(() -> scope.register(callback(Phase.AFTER))).hasMessageContaining("has ended");
        }

        @Test
        void textsAreTakenUntilTheBeforeCallbacksAreOver() {
            scope.handOver(text());
            scope.enter(BEFORE);
            scope.handOver(text());
            assertThat(scope.log()).hasSize(2);
            scope.endBeforeCallbacks(2);
            assertThatThrownBy(() -> scope.handOver(text()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("handOver(\"ship\", ...) comes too late");
            scope.enter(ENDING);
            assertThatThrownBy(() -> scope.handOver(text())).hasMessageContaining("is ENDING");
            scope.decide(Outcome.ROLLED_BACK);
            assertThatThrownBy(() -> scope.handOver(text())).hasMessageContaining("has ended, ROLLED_BACK");
        }

        @Test
        void rollbackOnlyKeepsItsFirstReason() {
            RuntimeException first = new RuntimeException("first");
            assertThat(scope.isRollbackOnly()).isFalse();
            scope.setRollbackOnly(null);
            assertThat(scope.isRollbackOnly()).isTrue();
            assertThat(scope.rollbackOnlyCause()).isNull();
            scope.setRollbackOnly(first);
            scope.setRollbackOnly(new RuntimeException("second"));

            assertThat(scope.rollbackOnlyCause()).isSameAs(first);
        }
    }

    @Nested
    class TheDescription {

        @Test
        void saysWhichTransactionItIs() {
            assertThat(scope.id())
                    .isEqualTo(identity.id())
                    .isNotEqualTo(ScopeInfo.next(null, 1, Instant.EPOCH).id());
            assertThat(scope.startNanos()).isEqualTo(identity.startNanos());
            assertThat(scope.info().id()).isEqualTo(scope.id());
            assertThat(scope.info().name()).contains("order");
            assertThat(scope.info().attempt()).isEqualTo(2);
            assertThat(scope.info().start()).isEqualTo(Instant.EPOCH);
            assertThat(scope.info()).hasToString("transaction " + scope.id() + " 'order', attempt 2");
            assertThat(scope.info(1, "item").name()).contains("item");
            assertThat(scope.info(1, null))
                    .hasToString("transaction " + scope.id() + " 'order', savepoint at depth 1, attempt 2");
            assertThat(ScopeInfo.next(null, 1, Instant.EPOCH)).asString().matches("transaction \\w+-\\d+");
        }

        @Test
        void countsWhatItHas() {
            write("x");
            write("y");
            scope.register(callback(Phase.AFTER));
            scope.setRollbackOnly(null);

            assertThat(scope)
                    .hasToString(scope.info() + " ACTIVE, rollback-only, 2 writes, 1 callbacks, savepoints []");
        }
    }

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

    @Test
    void itemsOfTheLogSayWhenTheyAreToRun() {
        assertThat(List.of(
                        callback(Phase.BEFORE).methodName(),
                        callback(Phase.AFTER).methodName(),
                        callback(Phase.FAILED).methodName(),
                        callback(Phase.IN_DOUBT).methodName()))
                .containsExactly("beforeCommit", "onCommit", "onRollback", "onInDoubt");
        assertThat(List.of(Outcome.values()))
                .map(LoggedCallback::phaseOf)
                .containsExactly(Phase.AFTER, Phase.FAILED, Phase.IN_DOUBT);
        LogItem mark = LevelMark.RELEASED;
        assertThat(mark).isEqualTo(new LevelMark(null));
    }
}
