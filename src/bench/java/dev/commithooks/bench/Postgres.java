package dev.commithooks.bench;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.sql.DataSource;

/**
 * The stacks of one library on one embedded PostgreSQL over one pool, taking turns in an order that changes each round. Each
 * turn inserts rows, updates and deletes them, in a transaction each. Reports, for each stack and workload, the median of the
 * ratios to the library without hooks in the same round, with its interval, and the median time. Each library has a JVM of
 * its own, as in an application: in one with all of them the JIT can inline hardly anything.
 */
final class Postgres {

    static final List<String> OPTIONS = List.of("-Xms1g", "-Xmx1g");

    private static final List<String> WORKLOADS = List.of("insert", "update", "delete");

    private final Map<Stacks, Stack> stacks = new EnumMap<>(Stacks.class);
    private final DataSource pool;

    private Postgres(DataSource pool, Stacks base) {
        this.pool = pool;
        for (Stacks stack : Stacks.onServer(base)) {
            stacks.put(stack, stack.on(pool));
        }
    }

    /** Arguments: the library without hooks; then pairs of a number of rows and the seconds for it. */
    public static void main(String[] arguments) throws Exception {
        try (EmbeddedPostgres server = EmbeddedPostgres.start()) {
            HikariConfig config = new HikariConfig();
            config.setJdbcUrl(server.getJdbcUrl("postgres", "postgres"));
            config.setMaximumPoolSize(2);
            try (HikariDataSource pool = new HikariDataSource(config)) {
                execute(pool, Item.DDL);
                Postgres postgres = new Postgres(pool, Stacks.valueOf(arguments[0]));
                for (int i = 1; i < arguments.length; i += 2) {
                    postgres.measure(Integer.parseInt(arguments[i]), Long.parseLong(arguments[i + 1]));
                }
                for (Stack stack : postgres.stacks.values()) {
                    stack.close();
                }
            }
        }
    }

    private void measure(int rows, long seconds) throws Exception {
        rounds(
                rows,
                Math.max(
                        seconds / 2,
                        2)); // the JIT sees the code of a few stacks less often than jOOQ's, and takes longer
        List<Map<Stacks, double[]>> rounds = rounds(rows, seconds);
        for (int workload = 0; workload < WORKLOADS.size(); workload++) {
            for (Stacks stack : stacks.keySet()) {
                Samples ratios = new Samples();
                Samples nanos = new Samples();
                for (Map<Stacks, double[]> round : rounds) {
                    double time = round.get(stack)[workload];
                    nanos.add(time / rows);
                    ratios.add(stack.base == null ? 1 : time / round.get(stack.library())[workload]);
                }
                Fork.report(
                        WORKLOADS.get(workload),
                        rows,
                        stack,
                        ratios.median(),
                        ratios.low(),
                        ratios.high(),
                        nanos.median(),
                        rounds.size());
            }
        }
    }

    private List<Map<Stacks, double[]>> rounds(int rows, long seconds) throws Exception {
        List<Map<Stacks, double[]>> rounds = new ArrayList<>();
        List<Stacks> order = new ArrayList<>(stacks.keySet());
        Random random = new Random(rows);
        long end = System.nanoTime() + seconds * 1_000_000_000;
        long written = 0;
        while (System.nanoTime() < end) {
            Collections.shuffle(order, random);
            Map<Stacks, double[]> round = new EnumMap<>(Stacks.class);
            for (Stacks stack : order) {
                round.put(stack, turn(stacks.get(stack), rows));
            }
            rounds.add(round);
            written += (long) rows * order.size();
            if (written > 5_000) { // dead rows: without this each round would be slower than the one before
                execute(pool, "vacuum item");
                written = 0;
            }
        }
        return rounds;
    }

    private static double[] turn(Stack stack, int rows) throws Exception {
        long start = System.nanoTime();
        stack.insert(rows);
        long inserted = System.nanoTime();
        stack.update();
        long updated = System.nanoTime();
        stack.delete();
        long deleted = System.nanoTime();
        return new double[] {inserted - start, updated - inserted, deleted - updated};
    }

    private static void execute(DataSource source, String sql) throws SQLException {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
