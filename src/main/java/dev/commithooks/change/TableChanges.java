package dev.commithooks.change;

import dev.commithooks.row.TableName;
import java.util.ArrayList;
import java.util.List;
import org.jooq.Record;
import org.jooq.Table;

/**
 * One table's changes at one boundary, in its three buckets, and the statements that wrote too many rows to be told one by one.
 * Immutable, but for the rows of its changes.
 *
 * @param <R> the table's record type
 */
public final class TableChanges<R extends Record> {

    private final Table<R> table;
    private final List<Change<R>> all;
    private final List<StatementSummary> summaries;

    private TableChanges(Table<R> table, List<Change<R>> all, List<StatementSummary> summaries) {
        this.table = table;
        this.all = all;
        this.summaries = summaries;
    }

    /** The given changes of the given table, in this order. */
    public static <R extends Record> TableChanges<R> of(Table<R> table, List<? extends Change<R>> changes) {
        return of(table, changes, List.of());
    }

    /** The given changes and summaries of the given table, in this order. */
    public static <R extends Record> TableChanges<R> of(
            Table<R> table, List<? extends Change<R>> changes, List<StatementSummary> summaries) {
        return new TableChanges<>(table, List.copyOf(changes), List.copyOf(summaries));
    }

    /** The table, as generated. */
    public Table<R> table() {
        return table;
    }

    /** The inserted rows, in the order they were written. */
    public List<Inserted<R>> inserted() {
        List<Inserted<R>> result = new ArrayList<>();
        for (Change<R> change : all) {
            if (change instanceof Inserted<R> inserted) {
                result.add(inserted);
            }
        }
        return List.copyOf(result);
    }

    /** The updated rows, in the order they were first written. */
    public List<Updated<R>> updated() {
        List<Updated<R>> result = new ArrayList<>();
        for (Change<R> change : all) {
            if (change instanceof Updated<R> updated) {
                result.add(updated);
            }
        }
        return List.copyOf(result);
    }

    /** The deleted rows, in the order they were deleted. */
    public List<Deleted<R>> deleted() {
        List<Deleted<R>> result = new ArrayList<>();
        for (Change<R> change : all) {
            if (change instanceof Deleted<R> deleted) {
                result.add(deleted);
            }
        }
        return List.copyOf(result);
    }

    /**
     * The statements that wrote more rows than are recorded one by one, in the order they were executed; none unless {@link
     * dev.commithooks.policy.LargeStatements#SUMMARIZED} is chosen. Their rows are in no bucket.
     */
    public List<StatementSummary> summaries() {
        return summaries;
    }

    /** All changes in the order in which hooks see them. */
    public List<Change<R>> all() {
        return all;
    }

    /** Whether there is neither a change nor a summary. */
    public boolean isEmpty() {
        return all.isEmpty() && summaries.isEmpty();
    }

    /** The number of changes, each of one row; summaries are not counted. */
    public int size() {
        return all.size();
    }

    @Override
    public String toString() {
        return TableName.of(table) + all + (summaries.isEmpty() ? "" : summaries.toString());
    }
}
