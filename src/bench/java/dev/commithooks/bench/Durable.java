package dev.commithooks.bench;

import static dev.commithooks.bench.Item.ITEM;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.commithooks.CommitHooks;
import dev.commithooks.change.Inserted;
import dev.commithooks.durable.DbSchedulerDelivery;
import dev.commithooks.durable.DeliverySettings;
import dev.commithooks.hook.AfterCommitHooks;
import dev.commithooks.hook.HookContext;
import dev.commithooks.hook.HookOptions;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.conf.Settings;
import org.jooq.impl.DSL;

/**
 * What a durable hook costs the transaction, and how fast it is called, on an embedded PostgreSQL that writes its log through to
 * the disk, as one in production does. Transactions with the hook and without take turns in changing order, with no node that
 * delivers; then a node with two threads calls what is stored; then one transaction after the other is committed, and timed
 * until its hook is called.
 */
final class Durable {

    static final List<String> OPTIONS = List.of("-Xms1g", "-Xmx1g");

    /** Until the JIT has seen some fifty thousand transactions. */
    private static final int WARM_UP_SECONDS = 30;

    private static final int MANY = 20_000;

    private final DataSource pool;
    private final JooqStack plain;
    private final JooqStack durable;
    private final DbSchedulerDelivery delivery;
    private final AtomicLong called = new AtomicLong();
    private volatile long calledAt;

    private Durable(DataSource pool) {
        this.pool = pool;
        DSLContext dsl = DSL.using(pool, SQLDialect.POSTGRES, new Settings().withExecuteLogging(false));
        this.plain = new JooqStack(dsl);
        this.delivery = DbSchedulerDelivery.on(pool, DeliverySettings.defaults().threads(2));
        this.durable = new JooqStack(CommitHooks.builder()
                .register(ITEM, new Count(), HookOptions.durable("count"))
                .durable(delivery)
                .build()
                .attachTo(dsl));
    }

    private final class Count implements AfterCommitHooks<Item.Row> {

        @Override
        public void afterCommitInsert(Inserted<Item.Row> change, HookContext ctx) {
            Stacks.seen(change.row().name());
            calledAt = System.nanoTime();
            called.incrementAndGet();
        }
    }

    /** Arguments: how many seconds the transactions of one row, and those of many, take turns. */
    public static void main(String[] arguments) throws Exception {
        int seconds = Integer.parseInt(arguments[0]);
        try (EmbeddedPostgres server = EmbeddedPostgres.builder()
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("full_page_writes", "on")
                .start()) {
            HikariConfig config = new HikariConfig();
            config.setJdbcUrl(server.getJdbcUrl("postgres", "postgres"));
            config.setMaximumPoolSize(6);
            try (HikariDataSource pool = new HikariDataSource(config)) {
                DSL.using(pool, SQLDialect.POSTGRES).execute(Item.DDL + ";" + DbSchedulerDelivery.ddl());
                Durable measured = new Durable(pool);
                measured.cost(1, WARM_UP_SECONDS, false);
                measured.cost(1, seconds, true);
                measured.cost(MANY, seconds, true);
                measured.drain();
                measured.latency(20 * seconds);
                measured.delivery.close();
            }
        }
    }

    // ---------------------------------------------------------------- what it costs the transaction

    private void cost(int rows, int seconds, boolean report) {
        Samples ratios = new Samples();
        Samples nanos = new Samples();
        int written = 0;
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        for (boolean swap = false; System.nanoTime() < end || ratios.size() < 5; swap = !swap) {
            double first = insert(swap ? durable : plain, rows);
            double second = insert(swap ? plain : durable, rows);
            ratios.add(swap ? first / second : second / first);
            nanos.add(swap ? second : first);
            written += 2 * rows;
            if (written > MANY) {
                empty();
                written = 0;
            }
        }
        empty();
        if (report) {
            Fork.report("cost", rows, ratios.median(), ratios.low(), ratios.high(), nanos.median() / 1_000);
        }
    }

    private static double insert(JooqStack stack, int rows) {
        long start = System.nanoTime();
        stack.insertAndForget(rows, () -> {});
        return System.nanoTime() - start;
    }

    private void empty() {
        DSL.using(pool, SQLDialect.POSTGRES).execute("truncate hook_delivery; truncate item");
    }

    // ---------------------------------------------------------------- how fast it is called

    private void drain() {
        for (int i = 0; i < 6; i++) {
            durable.insertAndForget(MANY, () -> {});
        }
        long start = System.nanoTime();
        delivery.start();
        waitForCalls(6 * MANY);
        Fork.report("drain", MANY, 6 * MANY / ((calledAt - start) / 1e9));
    }

    private void latency(int transactions) {
        Samples millis = new Samples();
        for (int i = 0; i < transactions; i++) {
            long before = called.get();
            long[] committing = new long[1];
            durable.insertAndForget(1, () -> committing[0] = System.nanoTime());
            waitForCalls(before + 1);
            if (i >= transactions / 2) { // the first half warms up
                millis.add((calledAt - committing[0]) / 1e6);
            }
        }
        Fork.report("latency", 1, millis.median(), millis.low(), millis.high());
    }

    private void waitForCalls(long count) {
        while (called.get() < count) {
            LockSupport.parkNanos(50_000);
        }
    }
}
