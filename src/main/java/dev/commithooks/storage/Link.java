package dev.commithooks.storage;

import java.util.List;
import java.util.Objects;
import org.jooq.Field;
import org.jooq.ForeignKey;
import org.jooq.TableField;
import org.jooq.UpdatableRecord;
import org.jspecify.annotations.Nullable;

/**
 * A child's dependence on its parent by a foreign key.
 *
 * @param child the record with the foreign key
 * @param key the foreign key
 * @param parent the record it points to
 */
record Link(Node child, ForeignKey<?, ?> key, Node parent) {

    /** Whether the child may be stored before it points to its parent. */
    boolean isNullable() {
        return key.getFields().stream().anyMatch(field -> field.getDataType().nullable())
                && Node.keyOf(child.row()).stream().noneMatch(key.getFields()::contains);
    }

    /** Whether the parent has the values that the child is to point to. */
    boolean hasParentKey() {
        return key.getKeyFields().stream().allMatch(field -> parent.row().get(field) != null);
    }

    /**
     * Puts the parent's key into the child.
     *
     * @throws IllegalArgumentException when the child is stored under another key already
     */
    void pushDown() {
        List<? extends TableField<?, ?>> to = key.getFields();
        List<? extends TableField<?, ?>> from = key.getKeyFields();
        for (int i = 0; i < to.size(); i++) {
            Object value = parentValue(from.get(i));
            if (!Objects.equals(child.row().get(to.get(i)), value)) {
                refuseToMoveAKey(to.get(i));
                refuseToContradict(to.get(i), value);
                Values.put(child.row(), to.get(i), value);
            }
        }
    }

    /** Lets the child point to nothing. */
    void cut() {
        for (Field<?> field : key.getFields()) {
            if (field.getDataType().nullable()) {
                Values.put(child.row(), field, null);
            }
        }
    }

    private Object parentValue(TableField<?, ?> field) {
        UpdatableRecord<?> row = parent.row();
        if (row.get(field) == null && Node.keyOf(row).stream().allMatch(key -> row.get(key) != null)) {
            row.refresh(field); // a key other than the primary one, made by the database
        }
        Object value = row.get(field);
        if (value == null) {
            throw new IllegalArgumentException(parent + " has no " + field.getName() + ", to which " + child
                    + " is to point by " + key.getName() + "; the transaction IS rolled back. Give it a value.");
        }
        return value;
    }

    private void refuseToMoveAKey(TableField<?, ?> field) {
        if (!child.isNew() && Node.keyOf(child.row()).contains(field)) {
            throw new IllegalArgumentException(child + " cannot be put under " + parent + ": " + field.getName()
                    + " is part of its primary key, and it is stored under another; the transaction IS rolled back. Delete it,"
                    + " and store a copy.");
        }
    }

    /** Two foreign keys that share a column have to agree on it. */
    private void refuseToContradict(TableField<?, ?> field, @Nullable Object value) {
        for (Link other : child.parents()) {
            int at = other.key.getFields().indexOf(field);
            if (other != this && at >= 0 && !agrees(other, at, value)) {
                throw new IllegalArgumentException(child + " depends on " + parent + " and on " + other.parent
                        + ", which have different values of " + field.getName()
                        + "; the transaction IS rolled back. Name parents that agree.");
            }
        }
    }

    private static boolean agrees(Link other, int at, @Nullable Object value) {
        Object its = other.parent.row().get(other.key.getKeyFields().get(at));
        return its == null || its.equals(value);
    }

    @Override
    public String toString() {
        return child + " -" + key.getName() + "-> " + parent;
    }
}
