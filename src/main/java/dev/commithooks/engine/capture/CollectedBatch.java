package dev.commithooks.engine.capture;

import dev.commithooks.engine.log.Write;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jooq.Configuration;
import org.jooq.ExecuteContext;
import org.jooq.Query;
import org.jspecify.annotations.Nullable;

/**
 * What the records of one {@code batchStore(...)} or its like are going to write.
 *
 * <p>For such a call jOOQ makes a configuration of its own and has each record go through its operation with it, end event
 * included, but stops each statement once it is rendered. Then it runs the statements as JDBC batches, one for each SQL text.
 * Those are of the caller's configuration, but their queries still know the one that they were made with; so what was
 * collected is kept in that configuration's data, and is gone with it if the call fails on the way.
 */
final class CollectedBatch {

    private static final String KEY = "dev.commithooks.collected-batch";

    private final Map<Query, Write> writes = new IdentityHashMap<>();
    private final Map<Query, List<Write>> groups = new IdentityHashMap<>();
    private final Map<String, List<Write>> groupsBySql = new HashMap<>();

    private CollectedBatch() {}

    /** What has been collected with this configuration. */
    static CollectedBatch of(Configuration configuration) {
        return (CollectedBatch) configuration.data().computeIfAbsent(KEY, key -> new CollectedBatch());
    }

    /** What had been collected when this query was; null if it is no record's. */
    static @Nullable CollectedBatch of(Query query) {
        Configuration configuration = query.configuration();
        return configuration == null ? null : (CollectedBatch) configuration.data(KEY);
    }

    /** Adds the write of a statement that jOOQ has rendered. */
    void add(ExecuteContext ctx, Write write) {
        Query query = ctx.query();
        String sql = ctx.sql();
        if (query != null && sql != null) {
            List<Write> group = groupsBySql.computeIfAbsent(sql, text -> new ArrayList<>());
            group.add(write);
            writes.put(query, write);
            groups.put(query, group);
        }
    }

    /** The write of this very query. */
    @Nullable
    Write write(Query query) {
        return writes.get(query);
    }

    /** The writes of all queries with the same SQL text as this one, in the order in which they are bound. */
    @Nullable
    List<Write> group(Query query) {
        return groups.get(query);
    }
}
