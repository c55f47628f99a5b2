package dev.commithooks.micrometer;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.bookshop.shop.Tables.REVIEW;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.CommitHooksBuilder;
import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.bookshop.shop.tables.records.ReviewRecord;
import dev.commithooks.change.Change;
import dev.commithooks.change.Inserted;
import dev.commithooks.durable.DbSchedulerDelivery;
import dev.commithooks.durable.DeliverySettings;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.fixture.Waiting;
import dev.commithooks.hook.AfterCommitHooks;
import dev.commithooks.hook.FailedCommitHooks;
import dev.commithooks.hook.HookContext;
import dev.commithooks.hook.HookOptions;
import dev.commithooks.hook.InDoubtHooks;
import dev.commithooks.transaction.AfterCommitException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.function.Function;
import javax.sql.DataSource;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;

/** An application that is measured, in memory or with durable hooks, and its registry. */
abstract class MetricsFixture {

    final TestDatabase database;
    final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    MetricsFixture(TestDatabase database) {
        this.database = database;
    }

    /** Takes any author but the bad ones. */
    static final class Mail
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

    DSLContext attach(DataSource dataSource) {
        return attach(dataSource, new HookMetrics(registry), builder -> builder);
    }

    static DSLContext attach(
            DataSource dataSource, HookMetrics metrics, Function<CommitHooksBuilder, CommitHooksBuilder> more) {
        CommitHooksBuilder builder = CommitHooks.builder()
                .register(AUTHOR, new Mail(), HookOptions.named("mail"))
                .observer(metrics);
        return more.apply(builder).build().attachTo(DSL.using(dataSource, SQLDialect.POSTGRES));
    }

    static void author(Configuration tx, String name) {
        AuthorRecord author = tx.dsl().newRecord(AUTHOR);
        author.setName(name);
        author.store();
    }

    long timed(Metric metric, String... tags) {
        return registry.get(metric.key()).tags(tags).timer().count();
    }

    double counted(Metric metric, String... tags) {
        return registry.get(metric.key()).tags(tags).counter().count();
    }

    static void work(DSLContext dsl) {
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

    /** An application with durable hooks, one of them for authors. */
    DbSchedulerDelivery delivery() {
        return DbSchedulerDelivery.on(
                database.pool(6),
                DeliverySettings.defaults()
                        .threads(2)
                        .polling(Duration.ofMillis(50))
                        .backoff(Duration.ofMillis(1), Duration.ofMillis(5))
                        .attempts(2));
    }

    DSLContext durable(DbSchedulerDelivery delivery) {
        return CommitHooks.builder()
                .register(AUTHOR, new Mail(), HookOptions.durable("mail"))
                .on(REVIEW, on -> on.afterCommitInsert((review, ctx) -> {}))
                .durable(delivery)
                .observer(new HookMetrics(registry))
                .build()
                .attachTo(DSL.using(database.pool(2), SQLDialect.POSTGRES));
    }

    void workDurably(DbSchedulerDelivery delivery) {
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

    double stored(String state) {
        return registry.get(Metric.STORED.key()).tag("state", state).gauge().value();
    }
}
