package dev.commithooks.jta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.OnAtomikos;
import dev.commithooks.fixture.OnNarayana;
import dev.commithooks.fixture.TestDatabase;
import jakarta.transaction.RollbackException;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.Test;

/** The resources of one JTA transaction: what shares a branch, and what cannot be prepared. */
@NeedsRealCommits("XA connections")
class ResourcesTest extends OrdersAndStock {

    ResourcesTest(TestDatabase ordersDatabase) {
        super(ordersDatabase);
    }

    /** The pool enlists once a transaction, whoever asks first. */
    @Test
    void configurationsOnOnePoolShareItsBranch() throws Exception {
        var pool = world.pool(ordersDatabase, 1);
        DSLContext one = world.dsl("orders", pool);
        DSLContext other = world.dsl("orders", pool);

        world.inTransaction(() -> {
            try (var connection = pool.getConnection();
                    var statement = connection.createStatement()) {
                statement.execute("insert into account (owner) values ('unseen')");
            }
            JtaWorld.store(one, "ann");
            JtaWorld.store(other, "bob");
        });

        assertThat(told.events()).containsExactly("before ann", "before bob", "after ann", "after bob");
        assertCommitted(List.of("unseen", "ann", "bob"), List.of());
    }

    @Test
    @OnNarayana
    void oneResourceOfOnePhaseAmongOthersIsToldOf() throws Exception {
        DSLContext local = world.dsl("stock", world.localPool(stockDatabase));

        world.inTransaction(() -> {
            JtaWorld.store(orders, "ann");
            JtaWorld.store(local, "box");
        });
        assertThatThrownBy(() -> world.inTransaction(() -> {
                    JtaWorld.store(orders, "bob");
                    JtaWorld.store(local, "tape");
                    local.execute("insert into review (book_id, rating) values (4711, 5)");
                }))
                .isInstanceOf(RollbackException.class);

        assertThat(told.drain())
                .startsWith("before ann", "before box", "after ann", "after box", "before bob", "before tape")
                .contains("failed COMMIT bob", "failed COMMIT tape");
        assertCommitted(List.of("ann"), List.of("box"));
    }

    @Test
    @OnNarayana
    void twoResourcesOfOnePhaseAreRefused() {
        DSLContext one = world.dsl("one", world.localPool(ordersDatabase));
        DSLContext other = world.dsl("other", world.localPool(stockDatabase));

        assertThatThrownBy(() -> world.inTransaction(() -> {
                    JtaWorld.store(one, "ann");
                    JtaWorld.store(other, "box");
                }))
                .isInstanceOf(DataAccessException.class)
                .hasMessageContaining("'other'")
                .hasMessageContaining("not XA")
                .hasMessageContaining("Nothing was sent");

        assertThat(told.events()).containsExactly("failed WORK ann");
        assertCommitted(List.of(), List.of());
    }

    /** It would lose its branch where the others are committed. */
    @Test
    @OnAtomikos
    void resourceOfOnePhaseIsRefusedByName() {
        DSLContext local = world.dsl("stock", world.localPool(stockDatabase));

        assertThatThrownBy(() -> world.inTransaction(() -> {
                    JtaWorld.store(orders, "ann");
                    JtaWorld.store(local, "box");
                }))
                .isInstanceOf(DataAccessException.class)
                .hasMessageContaining("'stock'")
                .hasMessageContaining("takes none")
                .hasMessageContaining("Nothing was sent");

        assertThat(told.events()).containsExactly("failed WORK ann");
        assertCommitted(List.of(), List.of());
    }

    /** Agroal keeps a connection that was not taken with the transaction, and hands it out again as if it were in it. */
    @Test
    void connectionThatAMarkedTransactionDidNotTakeIsRefusedAgain() {
        assertThatThrownBy(() -> world.inTransaction(() -> {
                    JtaWorld.store(orders, "ann");
                    world.manager.setRollbackOnly();
                    assertThatThrownBy(() -> JtaWorld.store(stock, "box")).isInstanceOf(DataAccessException.class);
                    assertThat(catchThrowable(() -> JtaWorld.store(stock, "box again")))
                            .isNotNull();
                }))
                .isInstanceOf(RollbackException.class);

        assertThat(told.events()).containsExactly("failed ROLLBACK_ONLY ann");
        assertCommitted(List.of(), List.of());
    }

    /** Narayana begins a branch before it refuses, and marks the transaction. */
    @Test
    @OnNarayana
    void secondResourceOfOnePhaseIsRefusedAgain() {
        DSLContext one = world.dsl("one", world.localPool(ordersDatabase));
        DSLContext other = world.dsl("other", world.localPool(stockDatabase));

        assertThatThrownBy(() -> world.inTransaction(() -> {
                    JtaWorld.store(one, "ann");
                    assertThatThrownBy(() -> JtaWorld.store(other, "box")).isInstanceOf(DataAccessException.class);
                    assertThat(catchThrowable(() -> JtaWorld.store(other, "box again")))
                            .isNotNull();
                }))
                .isInstanceOf(RollbackException.class);

        assertThat(told.events()).containsExactly("failed ROLLBACK_ONLY ann");
        assertCommitted(List.of(), List.of());
    }
}
