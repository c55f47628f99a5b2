package dev.commithooks.recording;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.bookshop.shop.Tables.STOCK;
import static dev.commithooks.policy.LargeStatements.SUMMARIZED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.hook.PendingHooks;
import dev.commithooks.policy.LargeStatements;
import dev.commithooks.spi.CommitContext;
import dev.commithooks.spi.CommitParticipant;
import dev.commithooks.spi.HookObserver;
import dev.commithooks.transaction.TransactionInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jooq.Table;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;

/** Who may hear of a table whose large statements are summarized, and who sees that they were. */
@Database
class SummarizedTablesTest {

    private final TestDatabase database;
    private final SetHooks hooks = new SetHooks();

    SummarizedTablesTest(TestDatabase database) {
        this.database = database;
    }

    @Test
    @Needs(Ability.CAPTURED_STATEMENTS)
    void pendingHooksAndObserversKnowIt() {
        List<HookObserver.HookCall> calls = new ArrayList<>();
        List<Integer> counts = new ArrayList<>();
        CommitHooks observed = CommitHooks.builder()
                .register(STOCK, hooks)
                .statementLimit(10)
                .largeStatements(STOCK, SUMMARIZED)
                .observer(new HookObserver() {
                    @Override
                    public void hookStarted(HookCall call) {
                        calls.add(call);
                    }

                    @Override
                    public void boundary(TransactionInfo transaction, Phase phase, int changes) {
                        counts.add(changes);
                    }
                })
                .build();

        PendingHooks pending = observed.attachTo(database.dsl(database.pool(1))).transactionResult(tx -> {
            tx.dsl()
                    .insertInto(STOCK, STOCK.ISBN)
                    .select(DSL.select(DSL.field("n::text", String.class)).from("generate_series(1, 20) as s(n)"))
                    .execute();
            return CommitHooks.current(tx).pending();
        });

        assertThat(pending.changes().summaries()).hasSize(1);
        assertThat(pending.calls())
                .hasSize(2)
                .allSatisfy(call ->
                        assertThat(call.summaries()).isEqualTo(pending.changes().summaries()));
        assertThat(pending.toString())
                .contains("20 rows of public.stock were inserted by insert into")
                .contains("afterCommit 'SetHooks' for 20 rows of public.stock were inserted");
        assertThat(calls).hasSize(2).allSatisfy(call -> {
            assertThat(call.changes()).isEmpty();
            assertThat(call.summaries()).isEqualTo(pending.changes().summaries());
            assertThat(call.size()).isEqualTo(1);
        });
        assertThat(counts).containsExactly(1, 1);
        assertThat(observed.explain()).contains("statements of more than 10 rows summarized");
    }

    @Test
    void hookThatNeedsEachRowIsRefusedWhenTheHooksAreBuilt() {
        assertThatThrownBy(() -> CommitHooks.builder()
                        .on(STOCK, on -> on.afterCommitInsert((stock, ctx) -> {}))
                        .largeStatements(STOCK, SUMMARIZED)
                        .build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "afterCommitInsert 'lambda in SummarizedTablesTest' on public.stock is called for each row, but"
                                + " largeStatements(SUMMARIZED) is chosen for that table, so that rows of a large statement would be"
                                + " kept from it. Take a table's changes instead, afterCommit(TableChanges, HookContext) for"
                                + " instance, or say largeStatements(table, ROLLED_BACK)");
        assertThatThrownBy(() -> CommitHooks.builder()
                        .registerAll(new Told())
                        .largeStatements(STOCK, SUMMARIZED)
                        .build())
                .hasMessageContaining("on public.stock is called for each row");
        assertThatThrownBy(() -> CommitHooks.builder()
                        .registerAll(new Told())
                        .largeStatements(SUMMARIZED)
                        .build())
                .hasMessageContaining("on all tables is called for each row");
    }

    @Test
    void tableThatIsExceptedOrSaysOtherwiseIsNotRefused() {
        assertThatCode(() -> {
                    CommitHooks.builder()
                            .registerAll(new Told(), STOCK)
                            .register(STOCK, hooks)
                            .largeStatements(STOCK, SUMMARIZED)
                            .build();
                    CommitHooks.builder()
                            .on(ACCOUNT, on -> on.afterCommitInsert((account, ctx) -> {}))
                            .register(STOCK, hooks)
                            .largeStatements(SUMMARIZED)
                            .largeStatements(ACCOUNT, LargeStatements.ROLLED_BACK)
                            .build();
                })
                .doesNotThrowAnyException();
    }

    @Test
    void participantThatNeedsEachRowIsRefusedToo() {
        CommitParticipant outbox = new CommitParticipant() {
            @Override
            public Prepared aboutToCommit(CommitContext commit) {
                return outcome -> {};
            }

            @Override
            public Set<Table<?>> tables() {
                return Set.of(STOCK);
            }

            @Override
            public String toString() {
                return "the outbox";
            }
        };

        assertThatThrownBy(() -> CommitHooks.builder()
                        .participant(outbox)
                        .largeStatements(STOCK, SUMMARIZED)
                        .build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("the outbox needs each row of public.stock, but largeStatements(SUMMARIZED)");
    }
}
