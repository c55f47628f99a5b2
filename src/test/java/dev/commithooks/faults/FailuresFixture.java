package dev.commithooks.faults;

import static dev.commithooks.faults.Told.owners;
import static dev.commithooks.faults.Told.store;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.spi.HookObserver;
import dev.commithooks.transaction.Failure;
import dev.commithooks.transaction.Outcome;
import dev.commithooks.transaction.TransactionInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** Hooks on connections that fail where a test says. */
@Database
abstract class FailuresFixture {

    final TestDatabase database;
    final Told told = new Told();
    final HikariDataSource pool;
    final FailingConnections connections;
    final List<Throwable> cleanUps = new ArrayList<>();
    final List<String> outcomes = new ArrayList<>();

    FailuresFixture(TestDatabase database) {
        this.database = database;
        this.pool = database.pool(1);
        this.connections = new FailingConnections(pool);
    }

    final DSLContext dsl() {
        return told.attachTo(
                database.dsl(connections),
                hooks -> hooks.observer(new HookObserver() {
                    @Override
                    public void cleanUpFailed(TransactionInfo transaction, Throwable failure) {
                        cleanUps.add(failure);
                    }

                    @Override
                    public void outcome(
                            TransactionInfo transaction,
                            Outcome outcome,
                            @Nullable Failure failure,
                            int changes,
                            Duration duration) {
                        outcomes.add(outcome + (failure == null ? "" : " " + failure.stage()));
                    }
                }));
    }

    /** No scope is open, no connection held, and the next transaction begins with nothing of this one. */
    final void assertIsAsGoodAsNew(DSLContext dsl) {
        int before = told.events().size();
        assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();

        dsl.transaction(tx -> store(tx, "next"));

        assertThat(told.events().subList(before, told.events().size()))
                .containsExactly("before INSERT next", "after INSERT next");
        assertThat(owners(database)).contains("next");
    }
}
