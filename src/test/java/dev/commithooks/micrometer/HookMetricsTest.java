package dev.commithooks.micrometer;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.Transactions;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.testing.RolledBackDatabase;
import dev.commithooks.testing.TestTransaction;
import dev.commithooks.transaction.Outcome;
import dev.commithooks.transaction.TransactionInDoubtException;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jooq.DSLContext;
import org.junit.jupiter.api.Test;

/** Metrics in a registry next to the rows in the database. */
@Database
class HookMetricsTest extends MetricsFixture {

    HookMetricsTest(TestDatabase database) {
        super(database);
    }

    @Test
    void transactionsAndCallsAreCountedAsTheyAreInTheDatabase() {
        DSLContext dsl = attach(database.pool(2));

        work(dsl);

        assertThat(timed(Metric.TRANSACTIONS, "outcome", "committed", "stage", "none"))
                .isEqualTo(4);
        assertThat(timed(Metric.TRANSACTIONS, "outcome", "rolled_back", "stage", "work"))
                .isEqualTo(1);
        assertThat(registry.get(Metric.ACTIVE.key()).gauge().value()).isZero();
        assertThat(counted(Metric.SAVEPOINTS, "event", "set")).isEqualTo(2);
        assertThat(counted(Metric.SAVEPOINTS, "event", "released")).isEqualTo(1);
        assertThat(counted(Metric.SAVEPOINTS, "event", "rolled_back")).isEqualTo(1);

        assertThat(database.journal()).hasSize(6); // ann, bob, bad, dan, fay, gus
        assertThat(told("after")).isEqualTo(6);
        assertThat(told("failed")).isEqualTo(2); // cat, eve
        assertThat(timed(Metric.HOOKS, "phase", "after", "table", "public.author", "outcome", "returned"))
                .isEqualTo(5);
        assertThat(timed(Metric.HOOKS, "hook", "mail", "method", "afterCommitInsert", "outcome", "threw"))
                .isEqualTo(1);
        assertThat(timed(Metric.HOOKS, "hook", "callback", "method", "onCommit", "table", "none"))
                .isEqualTo(1);
    }

    private double told(String phase) {
        return registry
                .get(Metric.HOOK_CHANGES.key())
                .tags("phase", phase, "table", "public.author")
                .counters()
                .stream()
                .mapToDouble(io.micrometer.core.instrument.Counter::count)
                .sum();
    }

    @Test
    void transactionIsActiveUntilItsHooksHaveRun() {
        AtomicInteger seen = new AtomicInteger();
        DSLContext dsl = attach(
                database.pool(2),
                new HookMetrics(registry),
                builder -> builder.on(
                        AUTHOR,
                        on -> on.afterCommitInsert((author, ctx) -> seen.set(
                                (int) registry.get(Metric.ACTIVE.key()).gauge().value()))));

        dsl.transaction(tx -> author(tx, "ann"));

        assertThat(seen).hasValue(1);
        assertThat(registry.get(Metric.ACTIVE.key()).gauge().value()).isZero();
    }

    @Test
    void commitWithoutAnAnswerIsInDoubt() {
        RolledBackDatabase inTest = RolledBackDatabase.over(database.realDataSource());
        try (TestTransaction test = inTest.begin("in doubt")) {
            test.faults().loseTheAnswerOfTheNextCommit(Outcome.COMMITTED);

            assertThatThrownBy(() -> attach(inTest.dataSource()).transaction(tx -> author(tx, "ann")))
                    .isInstanceOf(TransactionInDoubtException.class);
        }
        assertThat(timed(Metric.TRANSACTIONS, "outcome", "in_doubt", "stage", "none"))
                .isEqualTo(1);
        assertThat(timed(Metric.HOOKS, "phase", "in_doubt", "hook", "mail")).isEqualTo(1);
    }

    @Test
    void statementsThatPassTheHooksAreCountedByTable() {
        DSLContext dsl = attach(database.pool(2));

        dsl.truncate(AUTHOR).cascade().execute();

        assertThat(counted(Metric.BYPASS, "table", "public.author", "refused", "false"))
                .isEqualTo(1);
    }

    @Test
    void numberOfMetersDoesNotGrowWithIdsNamesAndValues() {
        DSLContext dsl = attach(database.pool(2));
        Set<Meter.Id> first = Set.of();
        for (int i = 0; i < 20; i++) {
            String name = "author " + i;
            Transactions.with(dsl).name(name).run(tx -> author(tx, name));
            if (i == 0) {
                first = meters();
            }
        }
        assertThat(database.journal()).hasSize(20);
        assertThat(meters()).isEqualTo(first).hasSize(5);
    }

    private Set<Meter.Id> meters() {
        return registry.getMeters().stream().map(Meter::getId).collect(Collectors.toSet());
    }

    @Test
    void severalCommitHooksAreToldApartByTheirTags() {
        DSLContext orders =
                attach(database.pool(2), new HookMetrics(registry, Tags.of("database", "orders")), builder -> builder);
        DSLContext stock =
                attach(database.pool(2), new HookMetrics(registry, Tags.of("database", "stock")), builder -> builder);

        orders.transaction(tx -> author(tx, "ann"));
        orders.transaction(tx -> author(tx, "bob"));
        stock.transaction(tx -> author(tx, "cat"));

        assertThat(timed(Metric.TRANSACTIONS, "database", "orders")).isEqualTo(2);
        assertThat(timed(Metric.TRANSACTIONS, "database", "stock")).isEqualTo(1);
        assertThat(registry.get(Metric.ACTIVE.key()).gauges()).hasSize(2);
    }
}
