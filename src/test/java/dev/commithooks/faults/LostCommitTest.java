package dev.commithooks.faults;

import static dev.commithooks.faults.Told.owners;
import static dev.commithooks.faults.Told.store;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.zaxxer.hikari.HikariDataSource;
import dev.commithooks.CommitHooks;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.TcpProxy;
import dev.commithooks.fixture.TcpProxy.Fault;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.spi.OutcomeResolver;
import dev.commithooks.transaction.Outcome;
import dev.commithooks.transaction.TransactionInDoubtException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The connection breaks around COMMIT: what hooks are told is what the database holds, or that nobody knows. */
@Database
@Needs(Ability.NETWORK)
class LostCommitTest {

    private final TestDatabase database;
    private final Told told = new Told();

    LostCommitTest(TestDatabase database) {
        this.database = database;
    }

    @BeforeEach
    void prepare() {
        SuitableResolver.prepare(database);
    }

    @ParameterizedTest
    @EnumSource(names = {"CUT_BEFORE_ARRIVAL", "CUT_BEFORE_ANSWER"})
    void withoutAResolverACutConnectionLeavesDoubt(Fault fault) {
        try (TcpProxy proxy = TcpProxy.before(database)) {
            DSLContext dsl = told.attachTo(database.dsl(proxy.dataSource()));
            proxy.onNextCommit(fault);

            assertThatThrownBy(() -> dsl.transaction(tx -> store(tx, "ann")))
                    .isInstanceOf(TransactionInDoubtException.class)
                    .isNotInstanceOf(DataAccessException.class)
                    .hasMessageContaining("IN DOUBT");

            assertThat(told.events()).containsExactly("before INSERT ann", "inDoubt INSERT ann");
            assertThat(owners(database)).isEqualTo(fault == Fault.CUT_BEFORE_ANSWER ? List.of("ann") : List.of());
        }
    }

    @Test
    void resolverFindsThatALostAnswerWasACommit() {
        try (TcpProxy proxy = TcpProxy.before(database)) {
            DSLContext dsl = resolved(proxy.dataSource());
            proxy.onNextCommit(Fault.CUT_BEFORE_ANSWER);

            Long id = dsl.transactionResult(tx -> store(tx, "ann").getId());

            assertThat(id).isEqualTo(1L);
            assertThat(told.events()).containsExactly("before INSERT ann", "after INSERT ann");
            assertThat(owners(database)).containsExactly("ann");
        }
    }

    @Test
    void resolverFindsThatALostCommitDidNotHappen() {
        try (TcpProxy proxy = TcpProxy.before(database)) {
            DSLContext dsl = resolved(proxy.dataSource());
            proxy.onNextCommit(Fault.CUT_BEFORE_ARRIVAL);

            assertThatThrownBy(() -> dsl.transaction(tx -> store(tx, "ann")))
                    .isInstanceOfSatisfying(
                            DataAccessException.class,
                            e -> assertThat(e.sqlState())
                                    .isEqualTo(database.product().isMySql() ? "08000" : "08006"));

            assertThat(told.events()).containsExactly("before INSERT ann", "failed INSERT ann COMMIT");
            assertThat(owners(database)).isEmpty();
        }
    }

    @Test
    void socketTimeoutInCommitLeavesDoubt() {
        try (TcpProxy proxy = TcpProxy.before(database)) {
            DSLContext dsl = told.attachTo(database.dsl(proxy.impatient()));
            proxy.onNextCommit(Fault.HOLD_ANSWER);

            assertThatThrownBy(() -> dsl.transaction(tx -> store(tx, "ann")))
                    .isInstanceOf(TransactionInDoubtException.class);

            assertThat(told.events()).containsExactly("before INSERT ann", "inDoubt INSERT ann");
            assertThat(owners(database)).containsExactly("ann");
        }
    }

    @Test
    void resolverFindsThatACommitThatTimedOutHappened() {
        try (TcpProxy proxy = TcpProxy.before(database)) {
            DSLContext dsl = resolved(proxy.impatient());
            proxy.onNextCommit(Fault.HOLD_ANSWER);

            dsl.transaction(tx -> store(tx, "ann"));

            assertThat(told.events()).containsExactly("before INSERT ann", "after INSERT ann");
            assertThat(owners(database)).containsExactly("ann");
        }
    }

    @Test
    void resolverWaitsForACommitThatIsStillUnderWay() {
        try (TcpProxy proxy = TcpProxy.before(database)) {
            DSLContext dsl = told.attachTo(
                    database.dsl(proxy.impatient()), hooks -> hooks.outcomeResolver(afterGivingUp(proxy::deliver)));
            proxy.onNextCommit(Fault.HOLD_COMMIT);

            dsl.transaction(tx -> store(tx, "ann"));

            assertThat(told.events()).containsExactly("before INSERT ann", "after INSERT ann");
            assertThat(owners(database)).containsExactly("ann");
        }
    }

    @Test
    void resolverWaitsForTheServerToNoticeThatTheClientIsGone() {
        try (TcpProxy proxy = TcpProxy.before(database)) {
            DSLContext dsl = told.attachTo(
                    database.dsl(proxy.impatient()), hooks -> hooks.outcomeResolver(afterGivingUp(proxy::cut)));
            proxy.onNextCommit(Fault.HOLD_COMMIT);

            assertThatThrownBy(() -> dsl.transaction(tx -> store(tx, "ann"))).isInstanceOf(DataAccessException.class);

            assertThat(told.events()).containsExactly("before INSERT ann", "failed INSERT ann COMMIT");
            assertThat(owners(database)).isEmpty();
        }
    }

    @Test
    void resolverThatFailsLeavesDoubtAndIsReported() {
        try (TcpProxy proxy = TcpProxy.before(database)) {
            IllegalStateException broken = new IllegalStateException("resolver broken");
            DSLContext dsl = told.attachTo(
                    database.dsl(proxy.dataSource()),
                    hooks -> hooks.outcomeResolver(connection -> () -> {
                        throw broken;
                    }));
            proxy.onNextCommit(Fault.CUT_BEFORE_ANSWER);

            Throwable thrown = catchThrowable(() -> dsl.transaction(tx -> store(tx, "ann")));

            assertThat(thrown).isInstanceOf(TransactionInDoubtException.class);
            assertThat(suppressedAnywhere(thrown)).contains(broken);
            assertThat(told.events()).containsExactly("before INSERT ann", "inDoubt INSERT ann");
        }
    }

    @Test
    void callbacksInDoubtAreTheOnlyOnesThatRun() {
        try (TcpProxy proxy = TcpProxy.before(database)) {
            DSLContext dsl = told.attachTo(database.dsl(proxy.dataSource()));
            proxy.onNextCommit(Fault.CUT_BEFORE_ANSWER);

            assertThatThrownBy(() -> dsl.transaction(tx -> {
                        CommitHooks.current(tx).onCommit(() -> told.note("onCommit"));
                        CommitHooks.current(tx).onRollback(failure -> told.note("onRollback"));
                        CommitHooks.current(tx).onInDoubt(() -> told.note("onInDoubt"));
                        store(tx, "ann");
                    }))
                    .isInstanceOf(TransactionInDoubtException.class);

            assertThat(told.events()).containsExactly("before INSERT ann", "inDoubt INSERT ann", "onInDoubt");
        }
    }

    @Test
    void deadConnectionIsGivenBackAsBroken() {
        try (TcpProxy proxy = TcpProxy.before(database)) {
            HikariDataSource pool = database.pool(1, config -> {
                config.setDataSource(proxy.dataSource());
                return config;
            });
            DSLContext dsl = resolved(pool);
            proxy.onNextCommit(Fault.CUT_BEFORE_ANSWER);

            dsl.transaction(tx -> store(tx, "ann"));
            dsl.transaction(tx -> store(tx, "bob"));

            assertThat(told.events())
                    .containsExactly("before INSERT ann", "after INSERT ann", "before INSERT bob", "after INSERT bob");
            assertThat(owners(database)).containsExactly("ann", "bob");
        }
    }

    @Test
    void afterHookOfAResolvedCommitMayUseTheOnlyConnectionOfThePool() {
        try (TcpProxy proxy = TcpProxy.before(database)) {
            HikariDataSource pool = database.pool(1, config -> {
                config.setDataSource(proxy.dataSource());
                return config;
            });
            DSLContext dsl = resolved(pool);
            told.doing((event, ctx) -> {
                if (event.equals("after INSERT ann")) {
                    ctx.dsl().transaction(tx -> store(tx, "bob"));
                }
            });
            proxy.onNextCommit(Fault.CUT_BEFORE_ANSWER);

            dsl.transaction(tx -> store(tx, "ann"));

            assertThat(told.events())
                    .containsExactly("before INSERT ann", "after INSERT ann", "before INSERT bob", "after INSERT bob");
            assertThat(owners(database)).containsExactly("ann", "bob");
        }
    }

    private DSLContext resolved(DataSource dataSource) {
        return told.attachTo(database.dsl(dataSource), hooks -> hooks.outcomeResolver(SuitableResolver.of(database)));
    }

    /** Asks when the client has given up, and lets something happen once the server has said "in progress". */
    private OutcomeResolver afterGivingUp(Runnable then) {
        return connection -> {
            OutcomeResolver.Inquiry brief =
                    SuitableResolver.of(database, Duration.ofMillis(1)).prepare(connection);
            OutcomeResolver.Inquiry patient = SuitableResolver.of(database).prepare(connection);
            return () -> {
                assertThatThrownBy(brief::resolve)
                        .hasMessageContaining(
                                database.product().can(Ability.POSTGRESQL)
                                        ? "still in progress"
                                        : "may still be in progress");
                then.run();
                Outcome outcome = patient.resolve();
                assertThat(outcome).isNotEqualTo(Outcome.UNKNOWN);
                return outcome;
            };
        };
    }

    private static List<Throwable> suppressedAnywhere(Throwable thrown) {
        List<Throwable> found = new ArrayList<>();
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            found.addAll(List.of(cause.getSuppressed()));
        }
        return found;
    }
}
