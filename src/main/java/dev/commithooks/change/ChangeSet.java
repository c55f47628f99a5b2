package dev.commithooks.change;

import java.util.ArrayList;
import java.util.List;
import org.jooq.Record;
import org.jooq.Table;

/** All tables' changes at one boundary. Immutable, but for the rows of its changes. */
public final class ChangeSet {

    private static final ChangeSet EMPTY = new ChangeSet(List.of());

    private final List<Change<?>> all;

    private ChangeSet(List<Change<?>> all) {
        this.all = all;
    }

    /** The given changes, in this order. */
    public static ChangeSet of(List<? extends Change<?>> changes) {
        return changes.isEmpty() ? EMPTY : new ChangeSet(List.copyOf(changes));
    }

    /** One table's changes; those of an alias are its base table's. */
    @SuppressWarnings("unchecked") // a change of the table is a change of the table's record type
    public <R extends Record> TableChanges<R> of(Table<R> table) {
        List<Change<R>> changes = new ArrayList<>();
        for (Change<?> change : all) {
            if (change.table().equals(table) || isAliasOf(table, change.table())) {
                changes.add((Change<R>) change);
            }
        }
        return TableChanges.of(table, changes);
    }

    private static boolean isAliasOf(Table<?> alias, Table<?> table) {
        return alias.getPrimaryKey() != null && alias.getPrimaryKey().getTable().equals(table);
    }

    /** The tables that changed, in the order of their first change. */
    public List<Table<?>> tables() {
        List<Table<?>> tables = new ArrayList<>();
        for (Change<?> change : all) {
            if (!tables.contains(change.table())) {
                tables.add(change.table());
            }
        }
        return List.copyOf(tables);
    }

    /** All changes in the order in which hooks see them. */
    public List<Change<?>> all() {
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
        return all.toString();
    }
}
