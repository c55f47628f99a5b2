package dev.commithooks.change;

import dev.commithooks.row.TableName;
import java.util.ArrayList;
import java.util.List;
import org.jooq.Record;
import org.jooq.Table;

/**
 * One table's changes at one boundary, in its three buckets. Immutable, but for the rows of its changes.
 *
 * @param <R> the table's record type
 */
public final class TableChanges<R extends Record> {

    private final Table<R> table;
    private final List<Change<R>> all;

    private TableChanges(Table<R> table, List<Change<R>> all) {
        this.table = table;
        this.all = all;
    }

    /** The given changes of the given table, in this order. */
    public static <R extends Record> TableChanges<R> of(Table<R> table, List<? extends Change<R>> changes) {
        return new TableChanges<>(table, List.copyOf(changes));
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

    /** All changes in the order in which hooks see them. */
    public List<Change<R>> all() {
        return all;
    }

    /** Whether nothing changed. */
    public boolean isEmpty() {
        return all.isEmpty();
    }

    /** The number of changes. */
    public int size() {
        return all.size();
    }

    @Override
    public String toString() {
        return TableName.of(table) + all;
    }
}
