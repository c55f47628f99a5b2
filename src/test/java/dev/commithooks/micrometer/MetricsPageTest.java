package dev.commithooks.micrometer;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.CommitHooks;
import dev.commithooks.durable.DbSchedulerDelivery;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.DocTable;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.hook.HookOptions;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;

/** The page on metrics lists those that there are, and its example runs. */
@Database
class MetricsPageTest extends MetricsFixture {

    MetricsPageTest(TestDatabase database) {
        super(database);
    }

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
