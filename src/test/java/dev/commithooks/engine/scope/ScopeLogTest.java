package dev.commithooks.engine.scope;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.engine.scope.ScopeState.ENDED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.engine.log.LevelMark;
import dev.commithooks.engine.log.LoggedCallback;
import dev.commithooks.engine.log.Write;
import dev.commithooks.spi.HookObserver.Phase;
import java.util.List;
import org.jooq.conf.Settings;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** One transaction's log and its savepoints, without a database. */
class ScopeLogTest extends ScopeFixture {

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
}
