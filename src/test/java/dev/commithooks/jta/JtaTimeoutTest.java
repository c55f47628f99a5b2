package dev.commithooks.jta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.change.Change;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.hook.HookContext;
import jakarta.transaction.RollbackException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A JTA transaction that has timed out is rolled back, and told of, by the manager's own thread. */
@Database
@NeedsRealCommits("XA connections")
class JtaTimeoutTest {

    private final TestDatabase database;
    private final CountDownLatch isTold = new CountDownLatch(1);
    private volatile String toldBy = "nobody";

    private final HookJournal told = new HookJournal() {
        @Override
        protected void failed(Change<Record> change, HookContext ctx) throws Exception {
            super.failed(change, ctx);
            toldBy = Thread.currentThread().getName();
            dsl().transaction(tx -> JtaWorld.store(tx.dsl(), "by the hook"));
            isTold.countDown();
        }
    };

    private final JtaWorld world = new JtaWorld(told);
    private final DSLContext dsl;

    JtaTimeoutTest(TestDatabase database) {
        this.database = database;
        this.dsl = world.dsl("shop", world.pool(database, 2));
    }

    private DSLContext dsl() {
        return dsl;
    }

    @AfterEach
    void close() throws Exception {
        world.manager.setTransactionTimeout(0);
        world.assertNothingIsLeft();
        world.close();
    }

    @Test
    void failedHooksRunOnTheReapersThreadAndTheCallerGetsARollback() {
        assertThatThrownBy(() -> {
                    world.manager.setTransactionTimeout(1);
                    world.manager.begin();
                    JtaWorld.store(dsl, "ann");
                    assertThat(isTold.await(10, TimeUnit.SECONDS)).isTrue();
                    assertThatThrownBy(() -> JtaWorld.store(dsl, "too late"))
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("timed out")
                            .hasMessageContaining("Nothing was sent");
                    world.manager.commit();
                })
                .isInstanceOf(RollbackException.class);

        assertThat(toldBy).startsWith("Transaction Reaper Worker");
        assertThat(told.events())
                .containsExactly(
                        "failed WORK insert account[1]", "before insert account[2]", "after insert account[2]");
        assertThat(JtaWorld.owners(database)).isEqualTo(List.of("by the hook"));
    }
}
