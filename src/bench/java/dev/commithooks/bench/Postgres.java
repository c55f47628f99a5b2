package dev.commithooks.bench;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/**
 * A stack and its library without hooks on one embedded PostgreSQL over one pool, taking turns in changing order. Each turn
 * inserts rows, updates and deletes them, in a transaction each. Reports, for each workload, the median of the ratios within a
 * round, with its interval, and the library's median time. Two stacks have a JVM of their own, much as in an application: in
 * one with all of them the JIT can inline hardly anything.
 */
final class Postgres {

    /** Until the JIT has seen some twenty thousand transactions: what a transaction does once takes that long to be compiled. */
    private static final int WARM_UP_SECONDS = 20;

    static final List<String> OPTIONS = List.of("-Xms1g", "-Xmx1g");

    private static final List<String> WORKLOADS = List.of("insert", "update", "delete");

    private final Stack candidate;
    private final Stack library;
    private final DataSource pool;
    private int written;

    private Postgres(DataSource pool, Stacks candidate, Stacks library) {
        this.pool = pool;
        this.candidate = candidate.on(pool);
        this.library = library.on(pool);
    }

    /** Arguments: the stack and its library; then pairs of a number of rows and the seconds for it. */
    public static void main(String[] arguments) throws Exception {
        try (EmbeddedPostgres server = EmbeddedPostgres.start()) {
            HikariConfig config = new HikariConfig();
            config.setJdbcUrl(server.getJdbcUrl("postgres", "postgres"));
            config.setMaximumPoolSize(2);
            try (HikariDataSource pool = new HikariDataSource(config)) {
                execute(pool, Item.DDL);
                Stacks candidate = Stacks.valueOf(arguments[0]);
                Postgres postgres = new Postgres(pool, candidate, Stacks.valueOf(arguments[1]));
                postgres.rounds(1, WARM_UP_SECONDS);
                for (int i = 2; i < arguments.length; i += 2) {
                    postgres.measure(candidate, Integer.parseInt(arguments[i]), Long.parseLong(arguments[i + 1]));
                }
                postgres.candidate.close();
                postgres.library.close();
            }
        }
    }

    private void measure(Stacks stack, int rows, long seconds) throws Exception {
        rounds(rows, Math.max(seconds / 2, 1));
        List<double[][]> rounds = rounds(rows, seconds);
        for (int workload = 0; workload < WORKLOADS.size(); workload++) {
            Samples ratios = new Samples();
            Samples nanos = new Samples();
            for (double[][] round : rounds) {
                ratios.add(round[0][workload] / round[1][workload]);
                nanos.add(round[1][workload] / rows);
            }
            Fork.report(
                    WORKLOADS.get(workload), rows, stack, ratios.median(), ratios.low(), ratios.high(), nanos.median());
        }
    }

    /** Of each round, the times of the stack and of its library. */
    private List<double[][]> rounds(int rows, long seconds) throws Exception {
        List<double[][]> rounds = new ArrayList<>();
        long end = System.nanoTime() + seconds * 1_000_000_000;
        for (boolean swap = false; System.nanoTime() < end; swap = !swap) {
            double[] first = turn(swap ? library : candidate, rows);
            double[] second = turn(swap ? candidate : library, rows);
            rounds.add(swap ? new double[][] {second, first} : new double[][] {first, second});
            written += 2 * rows;
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
