package dev.commithooks.engine.capture;

import dev.commithooks.change.ChangeType;
import dev.commithooks.engine.log.Write;
import dev.commithooks.engine.registry.HookedTable;
import dev.commithooks.row.RowVersions;
import java.util.Objects;
import org.jooq.Record;
import org.jooq.TableRecord;
import org.jspecify.annotations.Nullable;

/** What the server returned of a row, put together with what was known of it. */
final class ReturnedRow {

    private ReturnedRow() {}

    /** An insert of which nobody has heard yet, so that what was returned can be put into its image. */
    static Write putInto(Write insert, TableRecord<?> record, @Nullable Record row) {
        if (row != null) {
            Images.addReturned(record, row, Objects.requireNonNull(insert.set()));
        }
        return insert;
    }

    /** The key that jOOQ has read by a second statement, as it does where the driver returns nothing: SQLite's. */
    static void putKeyInto(Write insert, TableRecord<?> record) {
        @Nullable Object[] set = insert.set();
        for (int column : insert.hookedTable().keyColumns()) {
            if (set != null && set[column] == RowVersions.UNKNOWN) {
                Object read = record.get(column);
                set[column] = read == null ? RowVersions.UNKNOWN : read;
            }
        }
    }

    /**
     * The write with what was returned of its row; the same one if that says nothing new.
     *
     * @param type what the server did, which of an upsert may not be what was expected
     */
    static Write with(Write write, ChangeType type, TableRecord<?> record, @Nullable Record row) {
        return with(write, type, Images.returned(write.hookedTable(), record, row));
    }

    /** The same, with an image of what was returned. */
    static Write with(Write write, ChangeType type, @Nullable Object @Nullable [] returned) {
        return type == ChangeType.INSERT ? inserted(write, returned) : updated(write, type, returned);
    }

    private static Write inserted(Write write, @Nullable Object @Nullable [] returned) {
        @Nullable Object[] set = Images.overlaid(Objects.requireNonNull(write.set()), returned);
        return write.type() == ChangeType.INSERT && set == write.set()
                ? write
                : new Write(write.hookedTable(), write.tableName(), ChangeType.INSERT, null, set, null);
    }

    private static Write updated(Write write, ChangeType type, @Nullable Object @Nullable [] returned) {
        HookedTable table = write.hookedTable();
        @Nullable Object[] known = write.before() == null ? Images.nothing(table) : write.before();
        @Nullable Object[] old = Images.withKey(table, known, returned);
        boolean saysMore = returned != null && Images.saysMore(returned, write.set(), old);
        return type == write.type() && old == write.before() && !saysMore
                ? write
                : new Write(table, write.tableName(), type, old, write.set(), saysMore ? returned : null);
    }
}
