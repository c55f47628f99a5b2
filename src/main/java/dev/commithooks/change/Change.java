package dev.commithooks.change;

import java.util.Optional;
import org.jooq.Record;
import org.jooq.Table;

/**
 * What happened to one row.
 *
 * <p>A change holds snapshots: what the application does to its own record later never shows here, and each hook gets
 * rows of its own, so that a hook which alters one alters nobody else's. Changes are meant to be read by the thread that
 * runs the hook; they are not thread-safe.
 *
 * @param <R> the table's record type
 */
public sealed interface Change<R extends Record> permits Inserted, Updated, Deleted {

    /** The table, as generated: never an alias. */
    Table<R> table();

    /** What happened. */
    ChangeType type();

    /**
     * The row's table and primary-key values, after the change; a deleted row's are the last it had.
     *
     * @return empty when the table has no primary key, or when the database made the key and did not tell (jOOQ reads no
     *     generated keys back from a JDBC batch)
     */
    Optional<RowKey> key();
}
