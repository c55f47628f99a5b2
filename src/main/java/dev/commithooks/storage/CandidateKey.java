package dev.commithooks.storage;

import java.util.List;
import java.util.Objects;
import org.jooq.Table;
import org.jooq.TableField;
import org.jooq.UniqueKey;
import org.jooq.UpdatableRecord;

/**
 * A unique key that each of some candidates has all values of.
 *
 * @param key the key
 * @param candidates the records, all of the key's table
 */
record CandidateKey<R extends UpdatableRecord<R>>(UniqueKey<R> key, List<R> candidates) {

    CandidateKey {
        Objects.requireNonNull(key, "key");
        for (R candidate : candidates) {
            if (!key.getTable().equals(candidate.getTable())) {
                throw new IllegalArgumentException(
                        "The key " + key.getName() + " is one of " + Node.nameOf(key.getTable()) + ", not of "
                                + Node.nameOf(candidate.getTable()) + "; nothing was sent.");
            }
            for (TableField<R, ?> field : key.getFields()) {
                if (candidate.get(field) == null) {
                    throw new IllegalArgumentException(
                            Node.nameOf(key.getTable()) + "." + field.getName()
                                    + " is null in a candidate, and a null is equal to nothing, so " + key.getName()
                                    + " would neither find a row nor keep a second one away; nothing was sent. Give it a value.");
                }
            }
        }
    }

    Table<R> table() {
        return key.getTable();
    }

    List<TableField<R, ?>> fields() {
        return key.getFields();
    }

    @Override
    public String toString() {
        return Node.nameOf(key.getTable()) + "'s key " + key.getName();
    }
}
