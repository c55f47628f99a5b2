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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.transaction.TransactionManager;
import org.springframework.transaction.annotation.AnnotationTransactionAttributeSource;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.interceptor.TransactionInterceptor;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Eight threads, thousands of {@code @Transactional} methods, a pool of four. */
@Database
class SpringLoadTest {

    private static final int THREADS = 8;
    private static final int CALLS = Integer.getInteger("commithooks.spring.calls", 250);

    private final TestDatabase database;

    SpringLoadTest(TestDatabase database) {
        this.database = database;
    }

    /** A service, as Spring's users write one. */
    public static class Accounts {

        private final SpringWorld world;

        Accounts(SpringWorld world) {
            this.world = world;
        }

        @Transactional
        public void open(Runnable within) {
            world.store("ann");
            within.run();
        }

        @Transactional(propagation = Propagation.NESTED)
        public void openNested() {
            world.store("nested");
        }

        @Transactional
        public void openAndFail() {
            world.store("bob");
            throw new IllegalStateException("on purpose");
        }
    }

    private static Accounts transactional(SpringWorld world) {
        ProxyFactory service = new ProxyFactory(new Accounts(world));
        service.setProxyTargetClass(true);
        service.addAdvice(new TransactionInterceptor(
                (TransactionManager) world.manager, new AnnotationTransactionAttributeSource()));
        return (Accounts) service.getProxy();
    }

    @ParameterizedTest
    @EnumSource
    void eachRowIsToldOfOnceAndNothingStaysBound(Managers manager) throws Exception {
        HikariDataSource pool = database.pool(4, config -> {
            config.setConnectionTimeout(60_000);
            return config;
        });
        SpringWorld world = new SpringWorld(manager, pool, new HookJournal());
        Accounts accounts = transactional(world);
        Runnable nested = manager == Managers.JPA ? () -> {} : accounts::openNested; // Hibernate has no savepoints
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            running.add(threads.submit(() -> {
                for (int n = 0; n < CALLS; n++) {
                    call(accounts, n, nested);
                    assertThat(TransactionSynchronizationManager.getResourceMap())
                            .isEmpty();
                }
            }));
        }
        for (Future<?> one : running) {
            one.get();
        }
        threads.shutdown();

        List<String> committed = SpringWorld.committed(database);
        assertThat(committed).hasSizeGreaterThanOrEqualTo(THREADS * CALLS * 4 / 5);
        assertThat(world.told("after")).containsExactlyInAnyOrderElementsOf(committed);
        assertThat(world.told("failed"))
                .hasSizeGreaterThanOrEqualTo(THREADS * CALLS / 5)
                .doesNotHaveDuplicates()
                .doesNotContainAnyElementsOf(committed);
        assertThat(world.told("in doubt")).isEmpty();
        world.assertNothingIsBound();
        assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
    }

    private static void call(Accounts accounts, int n, Runnable nested) {
        if (n % 5 != 0) {
            accounts.open(n % 3 == 0 ? nested : () -> {});
            return;
        }
        try {
            accounts.openAndFail();
        } catch (IllegalStateException onPurpose) {
            assertThat(onPurpose).hasMessage("on purpose");
        }
    }
}
