package dev.commithooks.storage;

import dev.commithooks.row.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.StringJoiner;
import org.jooq.Field;
import org.jooq.ForeignKey;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.TableField;
import org.jooq.TableRecord;
import org.jooq.UpdatableRecord;

/** A record in a graph, and its links to the records that it depends on. */
final class Node {

    private final UpdatableRecord<?> row;
    private final List<Link> parents = new ArrayList<>(1);

    Node(UpdatableRecord<?> row) {
        this.row = row;
    }

    UpdatableRecord<?> row() {
        return row;
    }

    Table<?> table() {
        return row.getTable();
    }

    List<Link> parents() {
        return parents;
    }

    /**
     * Makes the record depend on another one.
     *
     * @throws IllegalArgumentException when it depends on one by the key already
     */
    void dependOn(Node parent, ForeignKey<?, ?> key) {
        for (Link link : parents) {
            if (link.key().equals(key)) {
                throw new IllegalArgumentException(this + " is given twice for the foreign key " + key.getName()
                        + (link.parent() == parent ? "" : ", under " + link.parent() + " and under " + parent)
                        + "; nothing was written. Name each child once.");
            }
        }
        parents.add(new Link(this, key, parent));
    }

    /** Whether {@code store()} inserts the record, as jOOQ decides it where primary keys are not updatable. */
    boolean isNew() {
        for (TableField<?, ?> field : keyOf(row)) {
            if (row.changed(field) || row.get(field) == null) {
                return true;
            }
        }
        return false;
    }

    /** The primary key's fields. */
    static List<? extends TableField<?, ?>> keyOf(UpdatableRecord<?> row) {
        return Objects.requireNonNull(row.getTable().getPrimaryKey()).getFields();
    }

    /** The table and the primary key's values, for messages; no other value is ever named. */
    static String nameOf(TableRecord<?> row) {
        StringJoiner key = new StringJoiner(", ", "[", "]");
        if (row instanceof UpdatableRecord<?> updatable) {
            keyOf(updatable).forEach(field -> key.add(valueOf(row, field)));
        }
        return nameOf(row.getTable()) + key;
    }

    static String nameOf(Table<?> table) {
        return TableName.of(table);
    }

    private static String valueOf(Record row, Field<?> field) {
        Object value = row.get(field);
        return value == null ? "new" : value.toString();
    }

    @Override
    public String toString() {
        return nameOf(row);
    }
}
