package dev.commithooks.durable;

import com.github.kagkarlsson.scheduler.jdbc.JdbcTaskRepositoryContext;
import com.github.kagkarlsson.scheduler.jdbc.PostgreSqlJdbcCustomization;
import com.github.kagkarlsson.scheduler.task.Execution;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/**
 * db-scheduler's way to PostgreSQL, but for one thing: a node picks parcels of its own hooks only. db-scheduler's own way learns
 * which hooks it does not know by picking their parcels, and then puts them back: in the meantime the node that was nudged for
 * them finds nothing, and if the first node dies they wait until it is taken for dead. Thread-safe.
 */
final class KnownParcels extends PostgreSqlJdbcCustomization {

    private static final int LONGEST_NODE_NAME = 50;

    private final String[] hooks;

    /** The way of a node that knows hooks by these names. */
    KnownParcels(Collection<String> hooks) {
        super(false, false);
        this.hooks = hooks.toArray(String[]::new);
    }

    @Override
    public List<Execution> lockAndFetchSingleStatement(
            JdbcTaskRepositoryContext context, Instant now, int limit, boolean orderByPriority) {
        String node = context.schedulerName.getName();
        return context.jdbcRunner.query(
                pick(context.tableName),
                statement -> {
                    statement.setString(1, node.substring(0, Math.min(node.length(), LONGEST_NODE_NAME)));
                    setInstant(statement, 2, now);
                    setInstant(statement, 3, now);
                    statement.setArray(4, statement.getConnection().createArrayOf("text", hooks));
                    statement.setInt(5, limit);
                },
                context.resultSetMapper.get());
    }

    private static String pick(String table) {
        return "with picked as (update " + table
                + " set picked = true, picked_by = ?, last_heartbeat = ?, version = version + 1"
                + " where (task_name, task_instance) in (select task_name, task_instance from " + table
                + " where not picked and execution_time <= ? and task_name = any(?)"
                + " order by execution_time limit ? for update skip locked) returning *)"
                + " select * from picked order by execution_time";
    }
}
