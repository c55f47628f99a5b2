package dev.commithooks.testkit;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.testkit.RolledBackExtensionTest.assertNothingHasStayed;
import static dev.commithooks.testkit.RolledBackExtensionTest.failures;
import static dev.commithooks.testkit.RolledBackExtensionTest.run;
import static dev.commithooks.testkit.ShopApplication.author;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.commithooks.junit.RolledBack;
import dev.commithooks.junit.RolledBackExtension;
import dev.commithooks.junit.TestedApplication;
import dev.commithooks.testing.Faults;
import dev.commithooks.testing.HookJournal;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.platform.testkit.engine.Events;

/** Tests that nobody should write, and some do: nothing of them stays in the database, and no hook is told that it does. */
class StrangeTestsTest {

    @AfterEach
    void nothingHasStayed() {
        assertNothingHasStayed();
    }

    @Test
    void whatWouldBeWrittenOutsideOfATestIsRefused() {
        for (Class<?> tests : List.of(FixtureOfNobody.class, WritingConstructor.class)) {
            assertThat(failures(run(tests)))
                    .as(tests.getSimpleName())
                    .isNotEmpty()
                    .allSatisfy(failure -> assertThat(failure)
                            .hasStackTraceContaining("No test is running")
                            .hasStackTraceContaining("Nothing was sent")
                            .hasStackTraceContaining("the fixture PER_CLASS"));
        }
    }

    @RolledBack(ShopApplication.class)
    static class FixtureOfNobody {
        @BeforeAll
        static void fixture(DSLContext dsl) {
            author(dsl, "for good");
        }

        @Test
        void reads(DSLContext dsl) {
            dsl.fetchCount(AUTHOR);
        }
    }

    @RolledBack(ShopApplication.class)
    static class WritingConstructor {
        WritingConstructor(DSLContext dsl) {
            dsl.transaction(tx -> author(tx.dsl(), "for good"));
        }

        @Test
        void reads(DSLContext dsl) {
            dsl.fetchCount(AUTHOR);
        }
    }

    @Test
    void aFailedPreparationIsRolledBackToo() {
        assertThat(failures(run(FailedPreparation.class)))
                .hasSize(2)
                .allSatisfy(failure -> assertThat(failure).hasMessage("1 of them"));
    }

    @RolledBack(ShopApplication.class)
    static class FailedPreparation {
        @BeforeEach
        void prepare(DSLContext dsl) {
            author(dsl, "prepared");
            throw new IllegalStateException(dsl.fetchCount(AUTHOR) + " of them");
        }

        @RepeatedTest(2)
        void neverComesHere() {}
    }

    @Test
    void oneInstanceForAllTestsOfAClass() {
        Events events = run(OneInstance.class);

        assertThat(failures(events)).isEmpty();
        assertThat(events.succeeded().count()).isGreaterThan(3);
    }

    @RolledBack(ShopApplication.class)
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    @Execution(ExecutionMode.SAME_THREAD)
    static class OneInstance {

        private final DSLContext dsl;

        OneInstance(DSLContext dsl) {
            this.dsl = dsl;
        }

        @RepeatedTest(3)
        void startsEmpty(HookJournal told) {
            author(dsl, "one");
            assertThat(dsl.fetchCount(AUTHOR)).isEqualTo(1);
            assertThat(told.after(AUTHOR).inserted()).hasSize(1);
        }
    }

    /** Its end needs the connection's turn, which an interrupted thread would not wait for. */
    @Test
    void aThreadThatIsInterruptedEndsItsTest() {
        assertThat(failures(run(InterruptsItself.class))).isEmpty();
        assertThat(failures(run(TakesTooLong.class)))
                .singleElement()
                .satisfies(failure -> assertThat(failure).isInstanceOf(TimeoutException.class));
    }

    @RolledBack(ShopApplication.class)
    static class InterruptsItself {
        @Test
        void interrupts(DSLContext dsl) {
            author(dsl, "interrupted");
            Thread.currentThread().interrupt();
        }
    }

    @RolledBack(ShopApplication.class)
    static class TakesTooLong {
        @Test
        @Timeout(value = 300, unit = TimeUnit.MILLISECONDS)
        void hangs(DSLContext dsl, Faults faults) {
            author(dsl, "before");
            faults.freezeStatement("select 1");
            dsl.fetch("select 1");
        }
    }

    @Test
    void twoExtensionsAreRefused() {
        assertThat(failures(run(TwoExtensions.class)))
                .singleElement()
                .satisfies(failure -> assertThat(failure)
                        .isInstanceOf(ExtensionConfigurationException.class)
                        .hasMessageContaining("is rolled back by two extensions")
                        .hasMessageContaining("Nothing was sent"));
    }

    @RolledBack(ShopApplication.class)
    static class TwoExtensions {

        @RegisterExtension
        static final RolledBackExtension ANOTHER = RolledBackExtension.of(new ShopApplication());

        @Test
        void hasNoParameters() {}
    }

    @Test
    void aPoolOverTheTestsDataSource() {
        Events events = run(OverAPool.class);
        PooledShop.POOLS.forEach(HikariDataSource::close);

        assertThat(failures(events)).isEmpty();
        assertThat(PooledShop.POOLS).hasSize(3);
    }

    @RolledBack(PooledShop.class)
    @Execution(ExecutionMode.CONCURRENT)
    static class OverAPool {
        @RepeatedTest(3)
        void worksAndIsRolledBack(DSLContext dsl, HookJournal told) {
            dsl.transaction(tx -> author(tx.dsl(), "pooled"));
            assertThat(dsl.fetchCount(AUTHOR)).isEqualTo(1);
            assertThat(told.after(AUTHOR).inserted()).hasSize(1);
        }
    }

    /** An application that has a pool of its own on whatever data source it is given. */
    public static final class PooledShop implements TestedApplication {

        static final List<HikariDataSource> POOLS = new CopyOnWriteArrayList<>();
        private final ShopApplication shop = new ShopApplication();

        @Override
        public DataSource database() {
            return shop.database();
        }

        @Override
        public DSLContext dsl(DataSource dataSource, HookJournal told) {
            HikariConfig config = new HikariConfig();
            config.setDataSource(dataSource);
            config.setMaximumPoolSize(2);
            HikariDataSource pool = new HikariDataSource(config);
            POOLS.add(pool);
            return shop.dsl(pool, told);
        }
    }
}
