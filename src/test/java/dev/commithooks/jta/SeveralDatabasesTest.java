package dev.commithooks.jta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.CommitHooks;
import dev.commithooks.change.Change;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.hook.HookContext;
import dev.commithooks.transaction.AfterCommitException;
import dev.commithooks.transaction.TransactionAbortedException;
import jakarta.transaction.RollbackException;
import java.util.ArrayList;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.junit.jupiter.api.Test;

/** One JTA transaction over two databases: one order of hooks, and one truth for each database. */
@NeedsRealCommits("XA connections")
class SeveralDatabasesTest extends OrdersAndStock {

    SeveralDatabasesTest(TestDatabase ordersDatabase) {
        super(ordersDatabase);
    }

    @Test
    void hooksOfAllDatabasesRunInOneOrderBeforeAnyIsPreparedAndAfterAllAreCommitted() throws Exception {
        List<Integer> seen = new ArrayList<>();
        deed = event -> seen.add(
                ordersDatabase.journal().size() + stockDatabase.journal().size());

        world.inTransaction(() -> {
            JtaWorld.store(stock, "box");
            JtaWorld.store(orders, "ann");
            JtaWorld.store(stock, "tape");
            world.jta.afterAllCommitted(() -> told.add("all committed"));
        });

        assertThat(told.events())
                .containsExactly(
                        "before box",
                        "before tape",
                        "before ann",
                        "after box",
                        "after tape",
                        "after ann",
                        "all committed");
        assertThat(seen).containsExactly(0, 0, 0, 3, 3, 3);
        assertCommitted(List.of("ann"), List.of("box", "tape"));
    }

    @Test
    void eachDatabaseMayHaveHooksOfItsOwn() throws Exception {
        List<String> ofStock = new ArrayList<>();
        CommitHooks others = CommitHooks.builder()
                .owner(world.jta)
                .registerAll(new HookJournal() {
                    @Override
                    protected void after(Change<Record> change, HookContext ctx) {
                        ofStock.add("after " + owner(change));
                    }
                })
                .build();
        DSLContext own = others.attachTo(world.plain("stock", world.pool(stockDatabase, 1)));

        world.inTransaction(() -> {
            JtaWorld.store(orders, "ann");
            JtaWorld.store(own, "box");
        });

        assertThat(told.events()).containsExactly("before ann", "after ann");
        assertThat(ofStock).containsExactly("after box");
        assertCommitted(List.of("ann"), List.of("box"));
    }

    @Test
    void vetoInOneDatabaseRollsBackAll() {
        IllegalStateException veto = new IllegalStateException("veto");
        deed = event -> {
            if (event.equals("before ann")) {
                throw veto;
            }
        };

        Throwable thrown = catchThrowable(() -> world.inTransaction(() -> {
            JtaWorld.store(orders, "ann");
            JtaWorld.store(stock, "box");
            world.jta.afterAllCommitted(() -> told.add("all committed"));
        }));

        assertThat(thrown).isSameAs(veto);
        assertThat(told.events()).containsExactly("before ann", "failed BEFORE_HOOK ann", "failed BEFORE_HOOK box");
        assertCommitted(List.of(), List.of());
    }

    @Test
    void whatABeforeHookWritesToADatabaseWhoseTurnIsOverIsCommittedAndToldOf() throws Exception {
        deed = event -> {
            if (event.equals("before ann")) {
                JtaWorld.store(stock, "by the hook");
            }
        };

        world.inTransaction(() -> {
            JtaWorld.store(stock, "box");
            JtaWorld.store(orders, "ann");
        });

        assertThat(told.events())
                .containsExactly("before box", "before ann", "after box", "after by the hook", "after ann");
        assertCommitted(List.of("ann"), List.of("box", "by the hook"));
    }

    @Test
    void whatABeforeHookWritesToADatabaseThatNobodyHadWrittenToGetsItsOwn() throws Exception {
        deed = event -> {
            if (event.equals("before ann")) {
                JtaWorld.store(stock, "by the hook");
            }
        };

        world.inTransaction(() -> JtaWorld.store(orders, "ann"));

        assertThat(told.events()).containsExactly("before ann", "before by the hook", "after ann", "after by the hook");
        assertCommitted(List.of("ann"), List.of("by the hook"));
    }

    /** PREPARE is answered with ROLLBACK, and the driver reports success: both would be lost only in part. */
    @Test
    void swallowedErrorInOneDatabaseIsNoCommitOfAny() {
        assertThatThrownBy(() -> world.inTransaction(() -> {
                    JtaWorld.store(orders, "ann");
                    JtaWorld.store(stock, "box");
                    catchThrowable(() -> stock.execute("select 1/0"));
                }))
                .isInstanceOf(TransactionAbortedException.class);

        assertThat(told.events()).containsExactly("before ann", "failed COMMIT ann", "failed COMMIT box");
        assertCommitted(List.of(), List.of());
    }

    @Test
    void swallowedErrorInADatabaseWithoutHooksIsNoCommitOfAny() {
        DSLContext plain = world.plain("stock", world.pool(stockDatabase, 1));

        assertThatThrownBy(() -> world.inTransaction(() -> {
                    JtaWorld.store(orders, "ann");
                    JtaWorld.store(plain, "box");
                    catchThrowable(() -> plain.execute("select 1/0"));
                }))
                .isInstanceOf(TransactionAbortedException.class)
                .hasMessageContaining("'stock'")
                .hasMessageContaining("IS rolled back");

        assertThat(told.events()).containsExactly("before ann", "failed COMMIT ann");
        assertCommitted(List.of(), List.of());
    }

    @Test
    void refusedPrepareIsAFailedCommitOfAll() {
        assertThatThrownBy(() -> world.inTransaction(() -> {
                    JtaWorld.store(orders, "ann");
                    JtaWorld.store(stock, "box");
                    stock.execute("create temporary table scratch (id int)");
                }))
                .isInstanceOf(RollbackException.class)
                .hasMessageContaining("IS rolled back")
                .hasMessageContaining("'stock'")
                .hasMessageContaining("0A000");

        assertThat(told.events()).containsExactly("before ann", "before box", "failed COMMIT ann", "failed COMMIT box");
        assertCommitted(List.of(), List.of());
    }

    @Test
    void savepointIsOneInItsOwnDatabaseOnly() {
        orders.transaction(tx -> {
            JtaWorld.store(tx.dsl(), "ann");
            catchThrowable(() -> stock.transaction(nested -> {
                JtaWorld.store(nested.dsl(), "box");
                JtaWorld.store(orders, "bob");
                throw new IllegalArgumentException();
            }));
        });

        assertThat(told.events())
                .containsExactly("failed SAVEPOINT box", "before ann", "before bob", "after ann", "after bob");
        assertCommitted(List.of("ann", "bob"), List.of());
    }

    @Test
    void whatAfterHooksAndCallbacksThrowIsCommitted() {
        deed = event -> {
            if (event.startsWith("after")) {
                throw new IllegalStateException(event);
            }
        };

        Throwable thrown = catchThrowable(() -> world.inTransaction(() -> {
            JtaWorld.store(orders, "ann");
            JtaWorld.store(stock, "box");
            world.jta.afterAllCommitted(() -> {
                told.add("all committed");
                throw new IllegalStateException("callback");
            });
        }));

        assertThat(thrown).isInstanceOf(AfterCommitException.class).hasMessageContaining("IS committed");
        assertThat(thrown.getSuppressed())
                .hasSize(2)
                .allSatisfy(other -> assertThat(other)
                        .isInstanceOf(AfterCommitException.class)
                        .hasMessageContaining("IS committed"));
        assertThat(told.events())
                .containsExactly("before ann", "before box", "after ann", "after box", "all committed");
        assertCommitted(List.of("ann"), List.of("box"));
    }
}
