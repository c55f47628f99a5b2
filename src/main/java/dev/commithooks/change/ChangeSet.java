package dev.commithooks.change;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jooq.Record;
import org.jooq.Table;

/**
 * All tables' changes at one boundary, and the statements that wrote too many rows to be told one by one. Immutable, but for the rows of
 * its changes.
 */
public final class ChangeSet {

    private static final ChangeSet EMPTY = new ChangeSet(List.of(), List.of());

    private final List<Change<?>> all;
    private final List<StatementSummary> summaries;

    private ChangeSet(List<Change<?>> all, List<StatementSummary> summaries) {
        this.all = all;
        this.summaries = summaries;
    }

    /** The given changes, in this order. */
    public static ChangeSet of(List<? extends Change<?>> changes) {
        return of(changes, List.of());
    }

    /** The given changes and summaries, in this order. */
    public static ChangeSet of(List<? extends Change<?>> changes, List<StatementSummary> summaries) {
        return changes.isEmpty() && summaries.isEmpty()
                ? EMPTY
                : new ChangeSet(List.copyOf(changes), List.copyOf(summaries));
    }

    /** One table's changes; those of an alias are its base table's. */
    @SuppressWarnings("unchecked") // a change of the table is a change of the table's record type
    public <R extends Record> TableChanges<R> of(Table<R> table) {
        List<Change<R>> changes = new ArrayList<>();
        for (Change<?> change : all) {
            if (isOf(table, change.table())) {
                changes.add((Change<R>) change);
            }
        }
        return TableChanges.of(
                table,
                changes,
                summaries.stream()
                        .filter(summary -> isOf(table, summary.table()))
                        .toList());
    }

    private static boolean isOf(Table<?> asked, Table<?> table) {
        return table.equals(asked)
                || asked.getPrimaryKey() != null
                        && asked.getPrimaryKey().getTable().equals(table);
    }

    /** The tables that changed, in the order of their first change; then those of which there are summaries only. */
    public List<Table<?>> tables() {
        Set<Table<?>> tables = new LinkedHashSet<>();
        all.forEach(change -> tables.add(change.table()));
        summaries.forEach(summary -> tables.add(summary.table()));
        return List.copyOf(tables);
    }

    /** The statements that wrote more rows than are recorded one by one, in the order they were executed. */
    public List<StatementSummary> summaries() {
        return summaries;
    }

    /** All changes in the order in which hooks see them. */
    public List<Change<?>> all() {
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
        return all + (summaries.isEmpty() ? "" : summaries.toString());
    }
}
