package dev.commithooks.testing;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.postgresql.PGConnection;

/** What a test left behind: open transactions, held locks, borrowed connections, a changed autocommit mode. */
final class Leftovers {

    private static final String SESSIONS = """
            select format('session %s (%s) is %s and holds %s lock(s); its last query: %s',
                pid, coalesce(nullif(application_name, ''), 'no name'), state, held.locks, query)
            from pg_stat_activity
            cross join lateral (
                select count(*) from pg_locks
                where pg_locks.pid = pg_stat_activity.pid and granted and locktype <> 'virtualxid'
            ) held (locks)
            where datname = current_database()
              and backend_type = 'client backend'
              and pid <> pg_backend_pid()
              and (state <> 'idle' or held.locks > 0)
            union all
            select format('prepared transaction %s', gid)
            from pg_prepared_xacts
            where database = current_database()
            """;

    private final Connection connection;
    private final List<HikariDataSource> pools;

    Leftovers(Connection connection, List<HikariDataSource> pools) {
        this.connection = connection;
        this.pools = List.copyOf(pools);
    }

    /** Waits for it to go away: a server notices a closed connection, and a pool a returned one, a moment later. */
    List<String> after(Duration grace) throws SQLException {
        long deadline = System.nanoTime() + grace.toNanos();
        List<String> found = now();
        while (!found.isEmpty() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
            found = now();
        }
        return found;
    }

    private List<String> now() throws SQLException {
        List<String> found = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(SESSIONS)) {
            while (rows.next()) {
                found.add(rows.getString(1));
            }
        }
        for (HikariDataSource pool : pools) {
            if (!pool.isClosed() && pool.isRunning()) {
                inspect(pool, found);
            }
        }
        return found;
    }

    private static void inspect(HikariDataSource pool, List<String> found) throws SQLException {
        HikariPoolMXBean state = pool.getHikariPoolMXBean();
        if (state.getActiveConnections() > 0) {
            found.add(pool.getPoolName() + ": " + state.getActiveConnections() + " connection(s) not given back");
        } else if (state.getThreadsAwaitingConnection() > 0) {
            found.add(pool.getPoolName() + ": " + state.getThreadsAwaitingConnection() + " thread(s) still waiting");
        } else {
            inspectAutoCommit(pool, state.getIdleConnections(), found);
        }
    }

    /** Borrows all idle connections together and looks below the pool's own bookkeeping. */
    private static void inspectAutoCommit(HikariDataSource pool, int idle, List<String> found) throws SQLException {
        List<Connection> borrowed = new ArrayList<>();
        try {
            for (int i = 0; i < idle; i++) {
                Connection connection = pool.getConnection();
                borrowed.add(connection);
                Connection physical = (Connection) connection.unwrap(PGConnection.class);
                if (physical.getAutoCommit() != pool.isAutoCommit()) {
                    found.add(pool.getPoolName() + ": a pooled connection has autocommit " + physical.getAutoCommit()
                            + ", the pool " + pool.isAutoCommit());
                }
            }
        } finally {
            for (Connection connection : borrowed) {
                connection.close();
            }
        }
    }
}
