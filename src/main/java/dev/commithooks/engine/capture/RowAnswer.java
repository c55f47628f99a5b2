package dev.commithooks.engine.capture;

import static dev.commithooks.row.RowVersions.UNKNOWN;
import static dev.commithooks.row.Values.copyOf;

import dev.commithooks.change.ChangeType;
import dev.commithooks.engine.log.Write;
import dev.commithooks.engine.registry.HookedTable;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import org.jooq.ExecuteContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.TableRecord;
import org.jooq.conf.InvocationOrder;
import org.jspecify.annotations.Nullable;

/**
 * The server's answer to a statement that writes a row: how many rows it has written, and what it returned of the one, put together
 * with what was known of that before.
 */
final class RowAnswer {

    /** The count of rows where the server has not said, or nobody heard it. */
    static final int NO_COUNT = -1;

    private RowAnswer() {}

    // ---------------------------------------------------------------- the count

    /** Whether a statement with this count has written its row. The only place that decides it. */
    static boolean isWritten(long count) {
        return count > 0 || count == Statement.SUCCESS_NO_INFO;
    }

    /**
     * The count of a statement that is failing. Where a listener threw and not the server, the row may be there: a
     * transaction that goes on will commit it.
     */
    static int countInSpiteOfFailure(ExecuteContext ctx) {
        return ctx.sqlException() != null ? NO_COUNT : countSoFar(ctx);
    }

    /** The count of a statement that the server has executed, of which jOOQ may not have read the result yet. */
    static int countSoFar(ExecuteContext ctx) {
        if (ctx.rows() >= 0) {
            return ctx.rows();
        }
        if (ctx.result() != null) {
            return ctx.result().size();
        }
        return ctx.resultSet() == null ? NO_COUNT : count(ctx.resultSet());
    }

    private static int count(ResultSet returned) {
        try {
            return returned.isBeforeFirst() || returned.getRow() > 0 || returned.isAfterLast() ? 1 : 0;
        } catch (SQLException e) {
            return NO_COUNT;
        }
    }

    /**
     * Whether a count is not known because an {@code Error} of somebody's may have kept us from hearing of it: the row may be there.
     * Called first, we would have heard of a statement that was executed.
     */
    static boolean isUnheard(ExecuteContext ctx, @Nullable Throwable failure) {
        return ctx.exception() == null
                && failure == null
                && ctx.settings().getExecuteListenerEndInvocationOrder() == InvocationOrder.REVERSE;
    }

    /** Why the count is not known. */
    static Throwable reason(ExecuteContext ctx, @Nullable Throwable failure) {
        if (ctx.exception() != null) {
            return ctx.exception();
        }
        return failure != null ? failure : new IllegalStateException("The statement ended without a result");
    }

    // ---------------------------------------------------------------- the row

    /** An insert of which nobody has heard yet, so that what was returned can be put into its image. */
    static Write putInto(Write insert, TableRecord<?> record, @Nullable Record row) {
        if (row != null) {
            add(record, row, Objects.requireNonNull(insert.set()));
        }
        return insert;
    }

    /**
     * The key that jOOQ has read by a second statement, as it does where the driver returns nothing: SQLite's.
     *
     * @param before the key that the record had before, which is another row's: jOOQ has not read any if it is there still
     */
    static void putKeyInto(Write insert, TableRecord<?> record, @Nullable Object @Nullable [] before) {
        @Nullable Object[] set = insert.set();
        for (int column : insert.hookedTable().keyColumns()) {
            if (set != null && set[column] == UNKNOWN) {
                Object read = record.get(column);
                set[column] =
                        read == null || before != null && Objects.deepEquals(read, before[column]) ? UNKNOWN : read;
            }
        }
    }

    /**
     * The write with what was returned of its row; the same one if that says nothing new.
     *
     * @param type what the server did, which of an upsert may not be what was expected
     */
    static Write with(Write write, ChangeType type, TableRecord<?> record, @Nullable Record row) {
        @Nullable Object[] returned = null;
        if (row != null) {
            returned = write.hookedTable().unknownRow();
            add(record, row, returned);
        }
        return with(write, type, returned);
    }

    /** The same, with an image of what was returned. */
    static Write with(Write write, ChangeType type, @Nullable Object @Nullable [] returned) {
        return type == ChangeType.INSERT ? inserted(write, returned) : updated(write, type, returned);
    }

    private static Write inserted(Write write, @Nullable Object @Nullable [] returned) {
        @Nullable Object[] set = overlaid(Objects.requireNonNull(write.set()), returned);
        return write.type() == ChangeType.INSERT && set == write.set()
                ? write
                : new Write(write.hookedTable(), write.tableName(), ChangeType.INSERT, null, set, null);
    }

    private static Write updated(Write write, ChangeType type, @Nullable Object @Nullable [] returned) {
        if (returned == null && type == write.type() && write.before() != null) {
            return write;
        }
        HookedTable table = write.hookedTable();
        @Nullable Object[] known = write.before() == null ? table.unknownRow() : write.before();
        @Nullable Object[] old = withKey(table, known, returned);
        boolean saysMore = returned != null && saysMore(returned, write.set(), old);
        return type == write.type() && old == write.before() && !saysMore
                ? write
                : new Write(table, write.tableName(), type, old, write.set(), saysMore ? returned : null);
    }

    // ---------------------------------------------------------------- images

    /** Puts what the server returned of a row into an image. */
    private static void add(TableRecord<?> record, Record row, @Nullable Object[] image) {
        int at = 0;
        for (int i = 0; i < row.size(); i++) {
            at = indexOf(record, Objects.requireNonNull(row.field(i)), at);
            if (at < 0) {
                at = 0;
            } else {
                image[at] = copyOf(row.get(i));
            }
        }
    }

    /** An old image, with the key that the server returned where it knew none. The same image if there is nothing to add. */
    private static @Nullable Object[] withKey(
            HookedTable table, @Nullable Object[] old, @Nullable Object @Nullable [] returned) {
        @Nullable Object[] result = old;
        for (int column : table.keyColumns()) {
            if (result[column] == UNKNOWN && returned != null && returned[column] != UNKNOWN) {
                result = result == old ? result.clone() : result;
                result[column] = returned[column];
            }
        }
        return result;
    }

    /** The image with what is known in the other one laid over it. The same image if that says nothing new. */
    static @Nullable Object[] overlaid(@Nullable Object[] image, @Nullable Object @Nullable [] over) {
        if (over == null || !saysMore(over, image, null)) {
            return image;
        }
        @Nullable Object[] result = image.clone();
        for (int i = 0; i < result.length; i++) {
            if (over[i] != UNKNOWN) {
                result[i] = over[i];
            }
        }
        return result;
    }

    /** Whether an image knows a value that is neither set nor, where nothing was set, the old one. */
    private static boolean saysMore(
            @Nullable Object[] image, @Nullable Object @Nullable [] set, @Nullable Object @Nullable [] old) {
        for (int i = 0; i < image.length; i++) {
            if (image[i] != UNKNOWN) {
                Object known = set != null && set[i] != UNKNOWN ? set[i] : old == null ? UNKNOWN : old[i];
                if (!Objects.deepEquals(known, image[i])) {
                    return true;
                }
            }
        }
        return false;
    }

    /** A field's index. Fields mostly come in the order of the table's, so the search begins where the last one ended. */
    static int indexOf(TableRecord<?> record, Field<?> field, int from) {
        for (int i = from; i < record.size(); i++) {
            if (record.field(i) == field) {
                return i;
            }
        }
        return record.indexOf(field);
    }
}
