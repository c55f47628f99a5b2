package dev.commithooks.spring;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Eight threads, thousands of transactions, a pool of four. */
@Database
class SpringLoadTest {

    private static final int THREADS = 8;
    private static final int TRANSACTIONS = 500;

    private final TestDatabase database;

    SpringLoadTest(TestDatabase database) {
        this.database = database;
    }

    @Test
    void eachRowIsToldOfOnceAndNothingStaysBound() throws Exception {
        HikariDataSource pool = database.pool(4, config -> {
            config.setConnectionTimeout(60_000);
            return config;
        });
        SpringWorld world = new SpringWorld(Managers.JDBC, pool, new HookJournal());
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            running.add(threads.submit(() -> {
                for (int n = 0; n < TRANSACTIONS; n++) {
                    boolean rollsBack = n % 5 == 0;
                    boolean nests = n % 3 == 0;
                    world.template().executeWithoutResult(status -> {
                        world.store("ann");
                        if (nests) {
                            world.nested().executeWithoutResult(inner -> world.store("nested"));
                        }
                        if (rollsBack) {
                            status.setRollbackOnly();
                        }
                    });
                    assertThat(
                                    org.springframework.transaction.support.TransactionSynchronizationManager
                                            .getResourceMap())
                            .isEmpty();
                }
            }));
        }
        for (Future<?> one : running) {
            one.get();
        }
        threads.shutdown();

        List<String> committed = SpringWorld.committed(database);
        assertThat(committed).hasSizeGreaterThan(THREADS * TRANSACTIONS * 4 / 5 - 1);
        assertThat(world.told("after")).containsExactlyInAnyOrderElementsOf(committed);
        assertThat(world.told("failed")).doesNotHaveDuplicates().doesNotContainAnyElementsOf(committed);
        assertThat(world.told("in doubt")).isEmpty();
        world.assertNothingIsBound();
        assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
    }
}
