package dev.commithooks.jta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.OnNarayana;
import dev.commithooks.fixture.TestDatabase;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionManager;
import java.util.List;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.Test;

/** JTA transactions in which nobody has asked for a connection until an interposed synchronization has its last word. */
@OnNarayana
@NeedsRealCommits("XA connections")
class FirstInSynchronizationTest extends OrdersAndStock {

    FirstInSynchronizationTest(TestDatabase ordersDatabase) {
        super(ordersDatabase, 2);
    }

    @Test
    void hooksAreToldOfWhatItWrites() throws Exception {
        commitWhatASynchronizationWrites(world.manager);
    }

    @Test
    void hooksAreToldOfWhatItWritesPastTheDecorators() throws Exception {
        commitWhatASynchronizationWrites(Narayana.manager());
    }

    private void commitWhatASynchronizationWrites(TransactionManager manager) throws Exception {
        deed = event -> {
            if (event.equals("before ann")) {
                JtaWorld.store(stock, "by the hook");
            }
        };
        manager.begin();
        Narayana.registry().registerInterposedSynchronization(new Synchronization() {
            @Override
            public void beforeCompletion() {
                JtaWorld.store(orders, "ann");
            }

            @Override
            public void afterCompletion(int status) {}
        });

        manager.commit();

        assertThat(told.events()).containsExactly("before ann", "before by the hook", "after ann", "after by the hook");
        assertCommitted(List.of("ann"), List.of("by the hook"));
    }

    @Test
    void markedOneThatTakesNoConnectionIsForgottenPastTheDecorators() throws Exception {
        Narayana.manager().begin();
        Narayana.manager().setRollbackOnly();
        assertThatThrownBy(() -> JtaWorld.store(orders, "ann")).isInstanceOf(DataAccessException.class);
        Narayana.manager().rollback();

        world.inTransaction(() -> JtaWorld.store(orders, "bob")); // until when it was kept

        assertThat(told.events()).containsExactly("before bob", "after bob");
        assertCommitted(List.of("bob"), List.of());
    }
}
