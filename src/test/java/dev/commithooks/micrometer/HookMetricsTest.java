package dev.commithooks.micrometer;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.bookshop.shop.Tables.REVIEW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.CommitHooksBuilder;
import dev.commithooks.Transactions;
import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.bookshop.shop.tables.records.ReviewRecord;
import dev.commithooks.change.Change;
import dev.commithooks.change.Inserted;
import dev.commithooks.durable.DbSchedulerDelivery;
import dev.commithooks.durable.DeliverySettings;
import dev.commithooks.durable.DeliveryStatus;
import dev.commithooks.durable.ParkedDelivery;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.DocTable;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.fixture.Waiting;
import dev.commithooks.hook.AfterCommitHooks;
import dev.commithooks.hook.FailedCommitHooks;
import dev.commithooks.hook.HookContext;
import dev.commithooks.hook.HookOptions;
import dev.commithooks.hook.InDoubtHooks;
import dev.commithooks.testing.RolledBackDatabase;
import dev.commithooks.testing.TestTransaction;
import dev.commithooks.transaction.AfterCommitException;
import dev.commithooks.transaction.Outcome;
import dev.commithooks.transaction.TransactionInDoubtException;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;

/** Metrics in a registry next to the rows in the database. */
@Database
class HookMetricsTest {

    private final TestDatabase database;
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    HookMetricsTest(TestDatabase database) {
        this.database = database;
    }

    /** Takes any author but the bad ones. */
    private static final class Mail
            implements AfterCommitHooks<AuthorRecord>, FailedCommitHooks<AuthorRecord>, InDoubtHooks<AuthorRecord> {

        @Override
        public void afterCommitInsert(Inserted<AuthorRecord> author, HookContext ctx) {
            if (author.row().getName().startsWith("bad")) {
                throw new IllegalStateException("no mail for " + author.row().getName());
            }
        }

        @Override
        public void failedCommitInsert(Inserted<AuthorRecord> author, HookContext ctx) {}

        @Override
        public void inDoubt(Change<AuthorRecord> author, HookContext ctx) {}
    }

    private DSLContext attach(DataSource dataSource) {
        return attach(dataSource, new HookMetrics(registry), builder -> builder);
    }

    private static DSLContext attach(
            DataSource dataSource, HookMetrics metrics, Function<CommitHooksBuilder, CommitHooksBuilder> more) {
        CommitHooksBuilder builder = CommitHooks.builder()
                .register(AUTHOR, new Mail(), HookOptions.named("mail"))
                .observer(metrics);
        return more.apply(builder).build().attachTo(DSL.using(dataSource, SQLDialect.POSTGRES));
    }

    private static void author(Configuration tx, String name) {
        AuthorRecord author = tx.dsl().newRecord(AUTHOR);
        author.setName(name);
        author.store();
    }

    private long timed(Metric metric, String... tags) {
        return registry.get(metric.key()).tags(tags).timer().count();
    }

    private double counted(Metric metric, String... tags) {
        return registry.get(metric.key()).tags(tags).counter().count();
    }

    private static void work(DSLContext dsl) {
        dsl.transaction(tx -> {
            author(tx, "ann");
            author(tx, "bob");
            CommitHooks.current(tx).onCommit(() -> {});
        });
        assertThatThrownBy(() -> dsl.transaction(tx -> author(tx, "bad"))).isInstanceOf(AfterCommitException.class);
        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    author(tx, "cat");
                    throw new IllegalArgumentException("changed her mind");
                }))
                .isInstanceOf(IllegalArgumentException.class);
        dsl.transaction(tx -> {
            author(tx, "dan");
            assertThatThrownBy(() -> tx.dsl().transaction(nested -> {
                        author(nested, "eve");
                        throw new IllegalArgumentException("eve is not to be");
                    }))
                    .isInstanceOf(IllegalArgumentException.class);
            tx.dsl().transaction(nested -> author(nested, "fay"));
        });
        author(dsl.configuration(), "gus");
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

    // ---------------------------------------------------------------- durable hooks

    /** An application with durable hooks, one of them for authors. */
    private DbSchedulerDelivery delivery() {
        return DbSchedulerDelivery.on(
                database.pool(6),
                DeliverySettings.defaults()
                        .threads(2)
                        .polling(Duration.ofMillis(50))
                        .backoff(Duration.ofMillis(1), Duration.ofMillis(5))
                        .attempts(2));
    }

    private DSLContext durable(DbSchedulerDelivery delivery) {
        return CommitHooks.builder()
                .register(AUTHOR, new Mail(), HookOptions.durable("mail"))
                .on(REVIEW, on -> on.afterCommitInsert((review, ctx) -> {}))
                .durable(delivery)
                .observer(new HookMetrics(registry))
                .build()
                .attachTo(DSL.using(database.pool(2), SQLDialect.POSTGRES));
    }

    private void workDurably(DbSchedulerDelivery delivery) {
        DSLContext dsl = durable(delivery);
        dsl.transaction(tx -> author(tx, "ann"));
        dsl.transaction(tx -> author(tx, "bad"));
        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    author(tx, "cat");
                    ReviewRecord review = tx.dsl().newRecord(REVIEW);
                    review.setBookId(-1L);
                    review.setRating((short) 5);
                    review.store();
                }))
                .isInstanceOf(DataAccessException.class);
        delivery.start();
        Waiting.until(() -> delivery.parked().size() == 1
                && registry.find(Metric.ATTEMPTS.key())
                                .tags("outcome", "parked")
                                .counter()
                        != null
                && registry.find(Metric.ATTEMPTS.key())
                                .tags("outcome", "delivered")
                                .counter()
                        != null);
    }

    @Test
    void deliveriesAreCountedFromTheHandOverToTheirEnd() {
        try (DbSchedulerDelivery delivery = delivery()) {
            new DeliveryMetrics(delivery::status, Duration.ZERO).bindTo(registry);

            workDurably(delivery);

            assertThat(database.journal()).hasSize(2); // ann and bad, of whom nothing can be delivered
            assertThat(counted(Metric.HANDED_OVER, "hook", "mail", "outcome", "committed"))
                    .isEqualTo(2);
            assertThat(counted(Metric.HANDED_OVER, "hook", "mail", "outcome", "rolled_back"))
                    .isEqualTo(1);
            assertThat(counted(Metric.ATTEMPTS, "hook", "mail", "outcome", "delivered"))
                    .isEqualTo(1);
            assertThat(counted(Metric.ATTEMPTS, "hook", "mail", "outcome", "failed"))
                    .isEqualTo(1);
            assertThat(counted(Metric.ATTEMPTS, "hook", "mail", "outcome", "parked"))
                    .isEqualTo(1);
            assertThat(timed(Metric.DURATION, "hook", "mail")).isEqualTo(1);
            assertThat(registry.get(Metric.LATENCY.key()).timer().totalTime(TimeUnit.MILLISECONDS))
                    .isPositive();
            assertThat(stored("parked")).isEqualTo(1);
            assertThat(stored("waiting") + stored("running") + stored("retrying"))
                    .isZero();

            ParkedDelivery parked = delivery.parked().get(0);
            assertThat(delivery.drop(parked)).isTrue();
            assertThat(stored("parked")).isZero();
        }
    }

    private double stored(String state) {
        return registry.get(Metric.STORED.key()).tag("state", state).gauge().value();
    }

    @Test
    void oldestGrowsOlderWhileNobodyDelivers() {
        try (DbSchedulerDelivery delivery = delivery()) {
            new DeliveryMetrics(delivery::status, Duration.ZERO).bindTo(registry);
            assertThat(oldest()).isZero();

            durable(delivery).transaction(tx -> author(tx, "ann"));

            Waiting.until(() -> oldest() > 0);
            assertThat(stored("waiting")).isEqualTo(1);
        }
    }

    private double oldest() {
        return registry.get(Metric.OLDEST.key()).timeGauge().value();
    }

    @Test
    void storeIsAskedOnceForAllGaugesAndHasNoValueWhenItDoesNotAnswer() {
        AtomicInteger asked = new AtomicInteger();
        new DeliveryMetrics(() -> {
                    asked.incrementAndGet();
                    return new DeliveryStatus(
                            3, 2, 1, 4, Optional.of(Instant.now().minusSeconds(60)));
                })
                .bindTo(registry);

        assertThat(stored("waiting")).isEqualTo(3);
        assertThat(stored("running")).isEqualTo(2);
        assertThat(stored("retrying")).isEqualTo(1);
        assertThat(stored("parked")).isEqualTo(4);
        assertThat(oldest()).isBetween(59.0, 90.0);
        assertThat(asked).hasValue(1);

        SimpleMeterRegistry other = new SimpleMeterRegistry();
        new DeliveryMetrics(() -> {
                    throw new DataAccessException("the store is gone");
                })
                .bindTo(other);
        assertThat(other.get(Metric.OLDEST.key()).timeGauge().value()).isNaN();
    }

    // ---------------------------------------------------------------- the documentation

    @Test
    void metricsAndTracesOfOneApplication() {
        SimpleMeterRegistry meters = registry;
        ObservationRegistry observations = ObservationRegistry.create();
        try (DbSchedulerDelivery delivery = delivery()) {
            // region: metrics
            CommitHooks hooks = CommitHooks.builder()
                    .register(AUTHOR, new Mail(), HookOptions.durable("mail"))
                    .durable(delivery)
                    .observer(new HookMetrics(meters))
                    .observer(new HookObservations(observations)) // for tracing
                    .build();
            new DeliveryMetrics(delivery::status).bindTo(meters); // where there are durable hooks
            // endregion
            hooks.attachTo(DSL.using(database.pool(2), SQLDialect.POSTGRES)).transaction(tx -> author(tx, "ann"));

            assertThat(counted(Metric.HANDED_OVER, "outcome", "committed")).isEqualTo(1);
            assertThat(stored("waiting")).isEqualTo(1);
        }
    }

    @Test
    void pageOnMetricsListsThoseThatAreRegistered() {
        work(attach(database.pool(2)));
        attach(database.pool(2)).truncate(AUTHOR).cascade().execute();
        try (DbSchedulerDelivery delivery = delivery()) {
            new DeliveryMetrics(delivery::status).bindTo(registry);
            workDurably(delivery);
        }
        new HookMetrics(registry).cleanUpFailed(new SomeTransaction(), new IllegalStateException("autocommit"));

        Set<String> registered = registry.getMeters().stream()
                .map(meter -> line(
                        meter.getId().getName(),
                        meter.getId().getType().name().toLowerCase().replace('_', ' '),
                        meter.getId().getTags().stream().map(Tag::getKey).sorted()))
                .collect(Collectors.toCollection(TreeSet::new));
        List<List<String>> table = DocTable.under("## The metrics", Path.of("docs/OBSERVABILITY.md"));

        assertThat(table.stream()
                        .map(row -> line(
                                row.get(0),
                                row.get(1),
                                Stream.of(row.get(2).split(", *"))
                                        .filter(tag -> !tag.isEmpty())
                                        .sorted())))
                .containsExactlyInAnyOrderElementsOf(registered);
        assertThat(registered).hasSize(Metric.values().length);
    }

    private static String line(String name, String type, Stream<String> tags) {
        return name + " " + type + " " + tags.toList();
    }
}
