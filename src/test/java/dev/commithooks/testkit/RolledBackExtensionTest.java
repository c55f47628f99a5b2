package dev.commithooks.testkit;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.testkit.ShopApplication.author;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.commithooks.junit.Fixture;
import dev.commithooks.junit.RolledBack;
import dev.commithooks.junit.RolledBackExtension;
import dev.commithooks.testing.Faults;
import dev.commithooks.testing.HookJournal;
import dev.commithooks.testing.LeftBehindError;
import dev.commithooks.testing.TestTransaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.junit.platform.testkit.engine.Events;

/** The extension, with JUnit run within JUnit. */
class RolledBackExtensionTest {

    static Events run(Class<?> tests) {
        return EngineTestKit.engine("junit-jupiter")
                .selectors(selectClass(tests))
                .configurationParameter("junit.jupiter.execution.parallel.enabled", "true")
                .configurationParameter("junit.jupiter.execution.parallel.config.strategy", "fixed")
                .configurationParameter("junit.jupiter.execution.parallel.config.fixed.parallelism", "4")
                .configurationParameter("junit.jupiter.conditions.deactivate", "*InternalCondition")
                .execute()
                .allEvents();
    }

    static List<Throwable> failures(Events events) {
        return events.failed().stream()
                .map(Event::getPayload)
                .flatMap(payload -> payload.stream())
                .map(result -> ((org.junit.platform.engine.TestExecutionResult) result)
                        .getThrowable()
                        .orElseThrow())
                .toList();
    }

    @AfterEach
    void nothingHasStayed() {
        assertNothingHasStayed();
    }

    static void assertNothingHasStayed() {
        DSLContext plain =
                org.jooq.impl.DSL.using(ShopApplication.DATABASE.realDataSource(), org.jooq.SQLDialect.POSTGRES);
        assertThat(plain.fetchCount(AUTHOR)).isZero();
        assertThat(plain.fetchValue("select count(*) from pg_stat_activity where datname = current_database()"
                        + " and pid <> pg_backend_pid() and state like 'idle in%'"))
                .isEqualTo(0L);
    }

    @Test
    void passesWhatATeamWrites() {
        for (Class<?> tests : List.of(Annotated.class, Registered.class, WithAFixture.class)) {
            Events events = run(tests);
            assertThat(failures(events)).as(tests.getSimpleName()).isEmpty();
            assertThat(events.succeeded().count()).isGreaterThan(3);
        }
    }

    @RolledBack(ShopApplication.class)
    @Execution(ExecutionMode.CONCURRENT)
    static class Annotated {

        private final DSLContext injected;

        Annotated(DSLContext dsl) {
            injected = dsl;
        }

        @BeforeEach
        void prepare(DSLContext dsl) {
            author(dsl, "prepared");
        }

        @Test
        void hooksFire(DSLContext dsl, HookJournal journal) {
            assertThat(injected).isSameAs(dsl);
            dsl.transaction(tx -> author(tx.dsl(), "Le Guin"));

            assertThat(journal.after(AUTHOR).inserted())
                    .extracting(author -> author.row().getName())
                    .containsExactly("prepared", "Le Guin");
            assertThat(journal.calls()).hasSize(4);
        }

        @RepeatedTest(8)
        void eachHasItsOwnConnection(DSLContext dsl, HookJournal journal) {
            assertThat(dsl.fetchCount(AUTHOR)).isEqualTo(1);
            assertThat(journal.after(AUTHOR).size()).isEqualTo(1);
        }

        @ParameterizedTest
        @ValueSource(strings = {"a", "b", "c"})
        void withParameters(String name, DSLContext dsl) {
            author(dsl, name);
            assertThat(dsl.fetchCount(AUTHOR)).isEqualTo(2);
        }

        @Nested
        class InNestedClasses {
            @Test
            void too(DSLContext dsl, Faults faults) {
                faults.failStatement("insert into", "40001");
                assertThat(org.assertj.core.api.Assertions.catchThrowableOfType(
                                        DataAccessException.class, () -> author(dsl, "no"))
                                .sqlState())
                        .isEqualTo("40001");
                assertThat(dsl.fetchCount(AUTHOR)).isEqualTo(1);
            }
        }
    }

    static class Registered {

        @RegisterExtension
        static final RolledBackExtension ROLLED_BACK = RolledBackExtension.of(new ShopApplication());

        @RepeatedTest(4)
        void startsEmpty(DSLContext dsl, DataSource dataSource, TestTransaction test) throws SQLException {
            author(dsl, "one");
            try (Connection connection = dataSource.getConnection();
                    var rows = connection.createStatement().executeQuery("select count(*) from author")) {
                rows.next();
                assertThat(rows.getInt(1)).isEqualTo(1);
            }
            assertThat(test.findings()).isEmpty();
        }
    }

    @RolledBack(value = ShopApplication.class, fixture = Fixture.PER_CLASS)
    static class WithAFixture {

        @BeforeAll
        static void fixture(DSLContext dsl) {
            author(dsl, "fixture");
        }

        @RepeatedTest(3)
        void eachTestSeesTheFixtureAndNothingElse(DSLContext dsl, HookJournal journal) {
            assertThat(journal.isEmpty()).isTrue();
            assertThat(dsl.fetchCount(AUTHOR)).isEqualTo(1);
            author(dsl, "mine");
            assertThat(journal.after(AUTHOR).size()).isEqualTo(1);
        }

        @Nested
        class AndNestedOnes {
            @Test
            void too(DSLContext dsl) {
                assertThat(dsl.fetchCount(AUTHOR)).isEqualTo(1);
                author(dsl, "mine");
            }
        }
    }

    @Test
    void failsATestForWhatItLeftBehindAndForWhatItDidNotUse() {
        Events events = run(Careless.class);

        assertThat(failures(events))
                .hasSize(3)
                .allMatch(LeftBehindError.class::isInstance)
                .extracting(Throwable::getMessage)
                .anyMatch(message -> message.contains("OPEN_TRANSACTION") && message.contains("connection #"))
                .anyMatch(message -> message.contains("UNUSED:") && message.contains("another data source"))
                .anyMatch(message -> message.contains("UNUSED_FAULT: failNextCommit(40001)"));
    }

    @RolledBack(ShopApplication.class)
    static class Careless {

        @Test
        void leavesATransactionOpen(DataSource dataSource) throws SQLException {
            Connection connection = dataSource.getConnection();
            connection.setAutoCommit(false);
            connection.createStatement().execute("insert into author (name) values ('left')");
        }

        @Test
        void usesAnotherDataSource() {
            assertThat(ShopApplication.DATABASE.dsl().fetchCount(AUTHOR)).isZero();
        }

        @Test
        void ordersAFaultThatDoesNotHappen(DSLContext dsl, Faults faults) {
            faults.failNextCommit("40001");
            dsl.fetchCount(AUTHOR);
        }
    }

    @Test
    void theTestsOwnFailureComesFirst() {
        assertThat(failures(run(Failing.class))).singleElement().satisfies(failure -> {
            assertThat(failure).hasMessage("the test's own");
            assertThat(failure.getSuppressed()).hasAtLeastOneElementOfType(LeftBehindError.class);
        });
    }

    @RolledBack(ShopApplication.class)
    static class Failing {
        @Test
        void failsAndLeavesSomethingBehind(DataSource dataSource) throws SQLException {
            Connection connection = dataSource.getConnection();
            connection.setAutoCommit(false);
            connection.createStatement().execute("insert into author (name) values ('left')");
            throw new IllegalStateException("the test's own");
        }
    }
}
