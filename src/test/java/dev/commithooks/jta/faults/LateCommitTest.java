package dev.commithooks.jta.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.CommitHooks;
import dev.commithooks.durable.DbSchedulerDelivery;
import dev.commithooks.durable.Deliveries;
import dev.commithooks.faults.Told;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.OnNarayana;
import dev.commithooks.fixture.TcpProxy;
import dev.commithooks.jta.faults.TwoDatabases.Attempt;
import dev.commithooks.transaction.Outcome;
import dev.commithooks.transaction.TransactionInDoubtException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jooq.DSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A branch whose COMMIT PREPARED is lost, and which the manager's recovery commits later; Atomikos would try again at once. */
@NeedsRealCommits("two phases")
@OnNarayana
class LateCommitTest {

    private final TwoDatabases databases = new TwoDatabases();
    private final Side b = databases.b();
    private final List<String> delivered = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        databases.close();
    }

    @Test
    void listenerHearsOfItByItsGlobalIdAndDurableHooksFireWithIt() {
        Attempt attempt;
        try (DbSchedulerDelivery storing = DbSchedulerDelivery.on(b.database().realDataSource())) {
            DSLContext durably = JtaNode.withDurableHooks(
                            CommitHooks.builder().owner(databases.jta()), storing, owner -> {})
                    .build()
                    .attachTo(b.plain());
            attempt = databases.attempt("ann", () -> {
                databases.store(databases.a(), "ann");
                Told.store(durably.configuration(), "ann");
                b.network().onNext("COMMIT PREPARED", TcpProxy.Fault.CUT_BEFORE_ARRIVAL);
            });
        }
        deliver();

        assertThat(attempt.thrown()).isInstanceOf(TransactionInDoubtException.class);
        assertThat(b.prepared()).hasSize(1);
        assertThat(delivered).isEqualTo(b.owners()).isEmpty();
        assertThat(databases.late()).isEmpty();

        databases.recover();
        deliver();

        assertThat(delivered).isEqualTo(b.owners()).containsExactly("ann");
        assertThat(databases.a().told().events()).containsExactly("before INSERT ann", "after INSERT ann");
        assertThat(databases.late()).singleElement().satisfies(late -> {
            assertThat(late.globalId()).isEqualTo(attempt.globalId());
            assertThat(late.database()).isEqualTo("B");
            assertThat(late.outcome()).isEqualTo(Outcome.COMMITTED);
            assertThat(late.transaction()).isPresent();
        });
    }

    @Test
    void callbacksAreCalledForTheirOwnDatabaseAndThoseOfAllWhenAllAreCommitted() {
        List<String> called = new ArrayList<>();

        attemptWithCallbacks(
                "ann", called, () -> b.network().onNext("COMMIT PREPARED", TcpProxy.Fault.CUT_BEFORE_ARRIVAL));
        assertThat(called).containsExactly("A");
        attemptWithCallbacks("bob", called, () -> {});
        assertThat(called).containsExactly("A", "A", "B", "all");

        databases.recover();
        assertThat(b.owners()).containsExactly("ann", "bob");
        assertThat(called).hasSize(4);
    }

    private void attemptWithCallbacks(String owner, List<String> called, Runnable fault) {
        databases.attempt(owner, () -> {
            databases.both().forEach(side -> {
                databases.store(side, owner);
                CommitHooks.current(side.dsl()).onCommit(() -> called.add(side.name()));
            });
            databases.jta().afterAllCommitted(() -> called.add("all"));
            fault.run();
        });
    }

    /** As a node does that was started for that. */
    private void deliver() {
        try (DbSchedulerDelivery delivery = DbSchedulerDelivery.on(b.database().realDataSource(), Deliveries.QUICK)) {
            JtaNode.delivering(b.directly(), delivery, delivered::add);
            delivery.start();
            Deliveries.drained(delivery);
        }
    }
}
