package dev.commithooks.engine.scope;

import static dev.commithooks.engine.scope.ScopeState.ACTIVE;
import static dev.commithooks.engine.scope.ScopeState.BEFORE;
import static dev.commithooks.engine.scope.ScopeState.ENDED;
import static dev.commithooks.engine.scope.ScopeState.ENDING;
import static dev.commithooks.engine.scope.ScopeState.SETTLING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.engine.log.LevelMark;
import dev.commithooks.engine.log.LogItem;
import dev.commithooks.spi.HookObserver.Phase;
import dev.commithooks.transaction.Outcome;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** One transaction's states, texts and description, without a database. */
class TransactionScopeTest extends ScopeFixture {

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
            assertThat(scope.info().startNanos()).isEqualTo(identity.startNanos());
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

    @Test
    void itemsOfTheLogSayWhenTheyAreToRun() {
        assertThat(List.of(
                        callback(Phase.BEFORE).methodName(),
                        callback(Phase.AFTER).methodName(),
                        callback(Phase.FAILED).methodName(),
                        callback(Phase.IN_DOUBT).methodName()))
                .containsExactly("beforeCommit", "onCommit", "onRollback", "onInDoubt");
        assertThat(List.of(Outcome.values()))
                .map(ScopeInfo::phaseOf)
                .containsExactly(Phase.AFTER, Phase.FAILED, Phase.IN_DOUBT);
        LogItem mark = LevelMark.RELEASED;
        assertThat(mark).isEqualTo(new LevelMark(null));
    }
}
