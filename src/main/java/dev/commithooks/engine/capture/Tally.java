package dev.commithooks.engine.capture;

import dev.commithooks.change.ChangeType;
import dev.commithooks.change.StatementSummary;
import dev.commithooks.engine.registry.HookedTable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The number of rows that a statement has inserted, updated and deleted: all that is kept of one that writes very many. */
final class Tally {

    private final long[] counts = new long[ChangeType.values().length];

    /** Begins with rows that have been read. */
    Tally(List<AddedColumns.Row> read) {
        read.forEach(row -> add(row.type()));
    }

    /** One more. */
    void add(ChangeType type) {
        counts[type.ordinal()]++;
    }

    /**
     * The summary of the statement.
     *
     * @param sql its text
     */
    StatementSummary summary(HookedTable table, @Nullable String sql) {
        return new StatementSummary(
                table.table(),
                counts[ChangeType.INSERT.ordinal()],
                counts[ChangeType.UPDATE.ordinal()],
                counts[ChangeType.DELETE.ordinal()],
                sql == null ? "" : sql);
    }
}
