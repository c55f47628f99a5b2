package dev.commithooks.bench;

import static dev.commithooks.bench.Item.ITEM;
import static dev.commithooks.bench.OtherItem.OTHER_ITEM;

import com.sun.management.ThreadMXBean;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.commithooks.CommitHooks;
import dev.commithooks.change.Updated;
import dev.commithooks.hook.AfterCommitHooks;
import dev.commithooks.hook.HookContext;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jooq.BatchBindStep;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.ResultQuery;
import org.jooq.SQLDialect;
import org.jooq.conf.Settings;
import org.jooq.impl.DSL;

/**
 * What it costs to record statements that pass no record, on an embedded PostgreSQL: plain jOOQ, plain jOOQ with the same columns
 * in a RETURNING written by hand, and jOOQ with an after hook on the table take turns. A transaction is measured, COMMIT included.
 */
final class StatementCosts {

    static final List<String> OPTIONS = List.of("-Xms1g", "-Xmx1g");

    private static final int WARM_UP_SECONDS = 10;
    private static final int MANY = 100_000;
    private static final int BATCH = 1_000;

    private final Map<String, DSLContext> contenders = new TreeMap<>();
    private long keptPerRow;

    private StatementCosts(DataSource pool) {
        DSLContext plain = DSL.using(pool, SQLDialect.POSTGRES, new Settings().withExecuteLogging(false));
        contenders.put("plain", plain);
        contenders.put("by hand", plain);
        contenders.put(
                "hooked",
                CommitHooks.builder().register(ITEM, new Last()).build().attachTo(plain));
    }

    /** A hook that asks for no image, so that what is measured is the statement. */
    private static final class Last implements AfterCommitHooks<Item.Row> {

        @Override
        public void afterCommitUpdate(Updated<Item.Row> change, HookContext ctx) {
            Stacks.seen(change);
        }
    }

    /** Arguments: how many seconds each workload takes turns. */
    public static void main(String[] arguments) throws Exception {
        int seconds = Integer.parseInt(arguments[0]);
        try (EmbeddedPostgres server = EmbeddedPostgres.start()) {
            HikariConfig config = new HikariConfig();
            config.setJdbcUrl(server.getJdbcUrl("postgres", "postgres"));
            config.setMaximumPoolSize(2);
            try (HikariDataSource pool = new HikariDataSource(config)) {
                DSLContext dsl = DSL.using(pool, SQLDialect.POSTGRES);
                dsl.execute(Item.DDL + "; create table other_item (name text)");
                dsl.execute(
                        "insert into item (name, quantity, note) select 'a name', 1, 'a note' from generate_series(1, "
                                + MANY + ")");
                StatementCosts measured = new StatementCosts(pool);
                measured.takeTurns("one", WARM_UP_SECONDS, false);
                measured.takeTurns("one", seconds, true);
                measured.takeTurns("batch", seconds, true);
                measured.takeTurns("many", 4 * seconds, true);
                measured.kept();
                measured.unhooked();
            }
        }
    }

    private void takeTurns(String workload, int seconds, boolean report) {
        Map<String, Samples> micros = new TreeMap<>();
        Map<String, Samples> ratios = new TreeMap<>();
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        List<String> turns = new ArrayList<>(contenders.keySet());
        for (int round = 0; System.nanoTime() < end || round < 4; round++) {
            Collections.rotate(turns, 1);
            Map<String, Double> took = new TreeMap<>();
            for (String contender : turns) {
                long start = System.nanoTime();
                run(workload, contender);
                took.put(contender, (System.nanoTime() - start) / 1e3);
            }
            if (round > 0) {
                took.forEach((contender, time) -> {
                    micros.computeIfAbsent(contender, name -> new Samples()).add(time);
                    ratios.computeIfAbsent(contender, name -> new Samples()).add(took.get("hooked") / time);
                });
            }
            if (!workload.equals("one")) {
                contenders.get("plain").execute("vacuum item");
            }
        }
        if (report) {
            micros.forEach((contender, samples) -> Fork.report(
                    workload,
                    contender,
                    samples.median(),
                    ratios.get(contender).median(),
                    ratios.get(contender).low(),
                    ratios.get(contender).high()));
        }
    }

    private void run(String workload, String contender) {
        boolean isByHand = contender.equals("by hand");
        contenders.get(contender).transaction(tx -> {
            DSLContext dsl = tx.dsl();
            switch (workload) {
                case "one" -> update(dsl, isByHand, 1);
                case "many" -> update(dsl, isByHand, MANY);
                default -> {
                    if (isByHand) {
                        dsl.connection(StatementCosts::batchByHand);
                    } else {
                        batch(dsl);
                    }
                }
            }
        });
    }

    private static void update(DSLContext dsl, boolean isByHand, int rows) {
        var update = dsl.update(ITEM)
                .set(ITEM.quantity, ITEM.quantity.plus(1))
                .where(rows == 1 ? ITEM.id.eq(1L) : DSL.trueCondition());
        if (isByHand) {
            List<Field<?>> columns = new ArrayList<>();
            for (Field<?> field : ITEM.fields()) {
                columns.add(DSL.field("old." + field.getName(), field.getDataType()));
            }
            for (Field<?> field : ITEM.fields()) {
                columns.add(DSL.field("new." + field.getName(), field.getDataType()));
            }
            ResultQuery<Record> returning = update.returningResult(columns);
            Stacks.seen(returning.fetch());
        } else {
            Stacks.seen(update.execute());
        }
    }

    private static void batch(DSLContext dsl) {
        BatchBindStep batch =
                dsl.batch(dsl.update(ITEM).set(ITEM.quantity, (Integer) null).where(ITEM.id.eq((Long) null)));
        for (long i = 1; i <= BATCH; i++) {
            batch = batch.bind((int) i, i);
        }
        Stacks.seen(batch.execute());
    }

    /** The same in JDBC, which is how a batch can return rows, each row read to its end: jOOQ's batches return nothing. */
    private static void batchByHand(Connection connection) throws SQLException {
        String sql = "update item set quantity = ? where id = ? returning with (old as o, new as n) " + columns("o.")
                + ", " + columns("n.");
        try (PreparedStatement batch = connection.prepareStatement(sql, Statement.RETURN_GENERATED_KEYS)) {
            for (int i = 1; i <= BATCH; i++) {
                batch.setInt(1, i);
                batch.setLong(2, i);
                batch.addBatch();
            }
            Stacks.seen(batch.executeBatch());
            try (ResultSet rows = batch.getGeneratedKeys()) {
                while (rows.next()) {
                    for (int i = 0; i < 8; i += 4) {
                        Stacks.seen(rows.getLong(i + 1));
                        Stacks.seen(rows.getString(i + 2));
                        Stacks.seen(rows.getInt(i + 3));
                        Stacks.seen(rows.getString(i + 4));
                    }
                }
            }
        }
    }

    /** Texts of a bounded length, without which the driver makes a round trip for each row. */
    private static String columns(String version) {
        return version + "id, " + version + "name::text::varchar(401), " + version + "quantity, " + version
                + "note::text::varchar(401)";
    }

    /** What a transaction keeps of each row until it ends. */
    private void kept() {
        contenders.get("hooked").transaction(tx -> {
            long before = used();
            update(tx.dsl(), false, MANY);
            keptPerRow = (used() - before) / MANY;
        });
        Fork.report("kept", "hooked", (double) keptPerRow);
    }

    private static long used() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    /** The bytes of a statement on a table without hooks, where there are hooks on another and where there are none. */
    private void unhooked() {
        Consumer<DSLContext> statement = dsl -> dsl.update(OTHER_ITEM)
                .set(OTHER_ITEM.name, "new")
                .where(OTHER_ITEM.name.eq("old"))
                .execute();
        long[] bytes = new long[2];
        Arrays.fill(bytes, Long.MAX_VALUE);
        for (int i = 0; i < 20; i++) {
            bytes[0] = Math.min(bytes[0], allocated(contenders.get("plain"), statement));
            bytes[1] = Math.min(bytes[1], allocated(contenders.get("hooked"), statement));
        }
        Fork.report("unhooked", "hooked", (double) (bytes[1] - bytes[0]));
    }

    private static long allocated(DSLContext on, Consumer<DSLContext> statement) {
        int times = 200;
        return on.transactionResult(tx -> {
            DSLContext dsl = tx.dsl();
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < times; i++) {
                statement.accept(dsl);
            }
            return (threads.getCurrentThreadAllocatedBytes() - before) / times;
        });
    }
}
