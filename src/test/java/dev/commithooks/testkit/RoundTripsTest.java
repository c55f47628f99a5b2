package dev.commithooks.testkit;

import static dev.commithooks.testkit.ShopApplication.author;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.commithooks.CommitHooks;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.testing.RolledBackDatabase;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.TransactionProvider;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;

/** What the outer transaction costs, and that nothing of a thousand tests stays. */
@Database
@NeedsRealCommits("brings an outer transaction of its own")
class RoundTripsTest {

    private final TestDatabase database;
    private final AtomicInteger executions = new AtomicInteger();

    RoundTripsTest(TestDatabase database) {
        this.database = database;
    }

    /** Counts what is executed on the real connection; of pgjdbc that is a round trip each, as BEGIN goes with the first. */
    private DataSource counted(DataSource dataSource) {
        return counting(DataSource.class, dataSource);
    }

    private <T> T counting(Class<T> type, Object target) {
        return type.cast(Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    String name = method.getName();
                    if (target instanceof Statement && name.startsWith("execute")
                            || target instanceof Connection
                                    && (name.equals("commit")
                                            || name.equals("rollback")
                                            || name.equals("getTransactionIsolation"))) {
                        executions.incrementAndGet();
                    }
                    Object result;
                    try {
                        result = method.invoke(target, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                    if (result instanceof Connection && !name.equals("unwrap")) {
                        return counting(Connection.class, result);
                    }
                    if (result instanceof PreparedStatement) {
                        return counting(PreparedStatement.class, result);
                    }
                    return result instanceof Statement ? counting(Statement.class, result) : result;
                }));
    }

    private int of(Runnable work) {
        int before = executions.get();
        work.run();
        return executions.get() - before;
    }

    @Test
    void atMostThreeForATestAndTwoForATransaction() throws Exception {
        RolledBackDatabase rolledBack = RolledBackDatabase.over(counted(database.realDataSource()));
        DSLContext dsl = CommitHooks.builder()
                .registerAll(new HookJournal())
                .build()
                .attachTo(DSL.using(rolledBack.dataSource(), SQLDialect.POSTGRES));
        DSLContext real = CommitHooks.builder()
                .registerAll(new HookJournal())
                .build()
                .attachTo(DSL.using(counted(database.realDataSource()), SQLDialect.POSTGRES));

        for (int transactions : new int[] {1, 2, 10}) {
            Runnable[] work = {() -> {}, () -> {}};
            DSLContext[] contexts = {dsl, real};
            for (int i = 0; i < 2; i++) {
                DSLContext by = contexts[i];
                work[i] = () -> {
                    for (int n = 0; n < transactions; n++) {
                        by.transaction(tx -> author(tx.dsl(), "a"));
                    }
                };
            }
            int really = of(work[1]);
            int virtually = of(() -> {
                try {
                    rolledBack.run("test", test -> work[0].run());
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            // Really each has a COMMIT too; from jOOQ 3.21 on also a question for the isolation level, which a virtual
            // one answers.
            int spared = asksForTheIsolationLevel() ? transactions : 0;
            assertThat(virtually - really).as("%d transactions", transactions).isBetween(-spared, 3);
        }
        database.reset();
    }

    /** As jOOQ does whose transactions have properties. */
    private static boolean asksForTheIsolationLevel() {
        return Stream.of(TransactionProvider.class.getMethods())
                .anyMatch(method -> method.getName().equals("properties"));
    }

    private static final int TESTS = Integer.getInteger("commithooks.rolledback.tests", 300);

    @Test
    void manyTestsLeaveNothing() throws Exception {
        Random random = new Random(13);
        try (HikariDataSource pool = database.pool(1)) {
            RolledBackDatabase rolledBack = RolledBackDatabase.over(pool);
            HookJournal journal = new HookJournal();
            DSLContext dsl = CommitHooks.builder()
                    .registerAll(journal)
                    .build()
                    .attachTo(DSL.using(rolledBack.dataSource(), SQLDialect.POSTGRES));
            for (int i = 0; i < TESTS; i++) {
                int transactions = 1 + random.nextInt(3);
                journal.drain();
                rolledBack.run("test " + i, test -> {
                    long committed = 0;
                    for (int n = 0; n < transactions; n++) {
                        committed += work(dsl, random);
                    }
                    assertThat((long) dsl.fetchCount(dev.commithooks.bookshop.shop.Tables.AUTHOR))
                            .isEqualTo(committed)
                            .isEqualTo(journal.events().stream()
                                    .filter(event -> event.startsWith("after"))
                                    .count());
                });
            }
            assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
            assertThat(pool.getConnection().getAutoCommit()).isTrue();
        }
        assertThat(database.journal()).isEmpty();
    }

    /** A transaction with a savepoint, either of which may fail; gives how many rows it committed. */
    private static int work(DSLContext dsl, Random random) {
        boolean fails = random.nextInt(4) == 0;
        boolean nestedFails = random.nextInt(3) == 0;
        try {
            dsl.transaction(tx -> {
                author(tx.dsl(), "outer");
                try {
                    tx.dsl().transaction(nested -> {
                        author(nested.dsl(), "nested");
                        if (nestedFails) {
                            nested.dsl().execute("select 1 / 0");
                        }
                    });
                } catch (RuntimeException e) {
                    assertThat(nestedFails).isTrue();
                }
                if (fails) {
                    throw new IllegalStateException("on purpose");
                }
            });
        } catch (RuntimeException e) {
            assertThat(fails).as(e.toString()).isTrue();
            return 0;
        }
        return nestedFails ? 1 : 2;
    }
}
