package dev.commithooks.engine.log;

import dev.commithooks.change.Change;
import dev.commithooks.change.ChangeType;
import dev.commithooks.engine.registry.HookedTable;
import dev.commithooks.row.RowVersions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jooq.Configuration;
import org.jooq.Field;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;

/**
 * One row that one statement wrote. Immutable, but for its place in the log, which is given to it once. Most rows are written
 * once in a transaction, so that their write is also the change that hooks get.
 */
public sealed class Write implements Recorded, RowChange, Folding.Known permits SimultaneousWrite {

    private final HookedTable hookedTable;
    private final String tableName;
    private final ChangeType type;
    private final @Nullable Object @Nullable [] before;
    private final @Nullable Object @Nullable [] set;
    private final @Nullable Object @Nullable [] returned;
    private int position;

    /**
     * A write. The arrays are handed over: they are of the table's width, hold {@link RowVersions#UNKNOWN} where nothing is
     * known, and arrays among the values are copies.
     *
     * @param hookedTable the table and its hooks
     * @param tableName the table's name in SQL, after any schema mapping
     * @param type what happened
     * @param before the row before, as far as it was known, the key it was addressed by included; null for an insert
     * @param set the columns that the statement set, of an insert also those that it returned; null for a delete
     * @param returned the columns that an update returned, where they say more than {@code before} and {@code set}; else null
     */
    public Write(
            HookedTable hookedTable,
            String tableName,
            ChangeType type,
            @Nullable Object @Nullable [] before,
            @Nullable Object @Nullable [] set,
            @Nullable Object @Nullable [] returned) {
        this.hookedTable = hookedTable;
        this.tableName = tableName;
        this.type = type;
        this.before = without(hookedTable, before);
        this.set = without(hookedTable, set);
        this.returned = without(hookedTable, returned);
    }

    /** Here and nowhere else, so that no write tells of a column what a later one, which does not know it, would leave as it was. */
    private static @Nullable Object @Nullable [] without(HookedTable table, @Nullable Object @Nullable [] image) {
        if (image != null) {
            for (int column : table.leftOut()) {
                image[column] = RowVersions.UNKNOWN;
            }
        }
        return image;
    }

    @Override
    public void loggedAt(int place) {
        position = place;
    }

    @Override
    public HookedTable hookedTable() {
        return hookedTable;
    }

    @Override
    public int position() {
        return position;
    }

    @Override
    public Table<?> table() {
        return hookedTable.table();
    }

    @Override
    public String tableName() {
        return tableName;
    }

    @Override
    public ChangeType type() {
        return type;
    }

    @Override
    public @Nullable Object @Nullable [] before() {
        return before;
    }

    /** The columns that the statement set. */
    public @Nullable Object @Nullable [] set() {
        return set;
    }

    /** The columns that an update returned and that say more than the others; null if none do. */
    public @Nullable Object @Nullable [] returned() {
        return returned;
    }

    @Override
    public @Nullable Object @Nullable [] after() {
        return type == ChangeType.UPDATE ? over(Objects.requireNonNull(before)) : set;
    }

    /** The statement whose rows may take each other's keys, if this is a write of such a one: it writes them all at once. */
    @Nullable
    Object statement() {
        return null;
    }

    /** A row's image after this update, if that was it before. */
    @Nullable
    Object[] over(@Nullable Object[] image) {
        return overlay(overlay(image, set), returned);
    }

    /** A column's value after this update, without the image. */
    @Nullable
    Object valueAfter(int column) {
        if (returned != null && returned[column] != RowVersions.UNKNOWN) {
            return returned[column];
        }
        Object value = Objects.requireNonNull(set)[column];
        return value != RowVersions.UNKNOWN || before == null ? value : before[column];
    }

    /** Whether a row is inserted whose key the database makes, and nobody has told. */
    public boolean lacksKey() {
        int[] key = hookedTable.keyColumns();
        return type == ChangeType.INSERT && key.length == 1 && set != null && set[key[0]] == RowVersions.UNKNOWN;
    }

    @Override
    public List<Field<?>> changedFields() {
        return fieldsOf(hookedTable, Objects.requireNonNull(set));
    }

    /** The columns of which an image knows something. */
    static List<Field<?>> fieldsOf(HookedTable table, @Nullable Object[] image) {
        List<Field<?>> fields = new ArrayList<>();
        for (int i = 0; i < image.length; i++) {
            if (image[i] != RowVersions.UNKNOWN) {
                fields.add(table.fields()[i]);
            }
        }
        return fields;
    }

    /** An image overlaid with the columns of which another knows something. */
    static @Nullable Object[] overlay(@Nullable Object[] below, @Nullable Object @Nullable [] above) {
        if (above == null) {
            return below;
        }
        @Nullable Object[] result = below.clone();
        for (int i = 0; i < result.length; i++) {
            if (above[i] != RowVersions.UNKNOWN) {
                result[i] = above[i];
            }
        }
        return result;
    }

    @Override
    public Change<?> toChange(@Nullable Supplier<Configuration> attachment) {
        return Change.of(type, this, attachment);
    }

    @Override
    public String toString() {
        return toChange(null).toString();
    }
}
