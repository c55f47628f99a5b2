package dev.commithooks.change;

import dev.commithooks.row.RowVersions;
import java.util.Optional;
import java.util.function.Supplier;
import org.jooq.Configuration;
import org.jooq.Record;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;

/**
 * The insert, update or delete of one row.
 *
 * <p>A change holds snapshots: what the application does to its own record later never shows here, and each hook gets
 * rows of its own, so that a hook which alters one alters nobody else's. Changes are meant to be read by the thread that
 * runs the hook; they are not thread-safe. Two changes are equal where they tell of the same write at the same boundary.
 *
 * @param <R> the table's record type
 */
public sealed interface Change<R extends Record> permits Inserted, Updated, Deleted {

    /** The table, as generated: never an alias. */
    Table<R> table();

    /** The kind of change. */
    ChangeType type();

    /**
     * The row's table and primary-key values, after the change; a deleted row's are the last it had.
     *
     * @return empty when the table has no primary key, or when the database made the key and did not tell (jOOQ reads no
     *     generated keys back from a JDBC batch)
     */
    Optional<RowKey> key();

    /**
     * The change of a row's versions, for one hook's call: rows made of it are nobody else's. The library's own way; others make
     * changes by {@link Inserted#of}, {@link Updated#of} and {@link Deleted#of}.
     *
     * @hidden
     * @param type what happened
     * @param versions the row before and after
     * @param attachment what records are attached to, asked for when one is made; null for none
     */
    @SuppressWarnings({"exports", "InvalidBlockTag"}) // takes what is not exported, so that nobody else can call it
    static Change<?> of(ChangeType type, RowVersions versions, @Nullable Supplier<Configuration> attachment) {
        return switch (type) {
            case INSERT -> new Inserted<Record>(versions, attachment);
            case UPDATE -> new Updated<Record>(versions, attachment);
            case DELETE -> new Deleted<Record>(versions, attachment);
        };
    }
}
