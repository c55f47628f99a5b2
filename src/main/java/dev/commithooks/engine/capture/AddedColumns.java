package dev.commithooks.engine.capture;

import static dev.commithooks.change.RowImage.UNKNOWN;

import dev.commithooks.change.ChangeType;
import dev.commithooks.engine.log.Write;
import dev.commithooks.engine.registry.HookedTable;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The columns that are added to a statement's RETURNING to learn of its rows, and what a row of them says. Immutable. */
final class AddedColumns {

    /** Since PostgreSQL 18 RETURNING tells both versions of a row; under these names no table of the statement hides them. */
    static final String OLD_AND_NEW = "with (old as ch_old, new as ch_new) ";

    private static final String OLD = "ch_old.";
    private static final String NEW = "ch_new.";

    /** What a statement does to rows. */
    enum Kind {
        INSERT,
        UPSERT,
        UPDATE,
        DELETE,
        MERGE
    }

    private final HookedTable table;
    private final Kind kind;
    private final String options;
    private final List<String> columns = new ArrayList<>();

    /** Where the old and the new row's columns begin; -1 where there are none. */
    private int oldAt = -1;

    private int newAt = -1;

    private AddedColumns(HookedTable table, Kind kind, String options) {
        this.table = table;
        this.kind = kind;
        this.options = options;
    }

    /** The columns on a server that tells old rows. */
    static AddedColumns ofBothRows(HookedTable table, Kind kind, String[] names) {
        AddedColumns added = new AddedColumns(table, kind, OLD_AND_NEW);
        if (kind == Kind.UPSERT) {
            added.columns.add("(ch_old is null)");
        }
        added.addAction();
        if (kind != Kind.INSERT) {
            added.oldAt = added.add(OLD, names);
        }
        if (kind != Kind.DELETE) {
            added.newAt = added.add(NEW, names);
        }
        return added;
    }

    /** The columns on a server that tells of each row its last version only; of a deleted one, that is the old row. */
    static AddedColumns ofLastRow(HookedTable table, Kind kind, String target, String[] names) {
        AddedColumns added = new AddedColumns(table, kind, "");
        if (kind == Kind.UPSERT) {
            added.columns.add(UpsertQuestion.INSERTED_BY_UPSERT);
        }
        added.addAction();
        added.newAt = added.add(target + ".", names);
        return added;
    }

    /** The columns of an update that joins the rows that it locked. */
    static AddedColumns ofLockedRows(HookedTable table, String target, String[] oldNames, String[] names) {
        AddedColumns added = new AddedColumns(table, Kind.UPDATE, "");
        added.oldAt = added.add(OLD, oldNames);
        added.newAt = added.add(target + ".", names);
        return added;
    }

    private void addAction() {
        if (kind == Kind.MERGE) {
            columns.add("merge_action()");
        }
    }

    private int add(String prefix, String[] names) {
        int at = columns.size();
        for (String name : names) {
            columns.add(prefix + name);
        }
        return at;
    }

    /** The number of columns. */
    int size() {
        return columns.size();
    }

    /** The statement with the columns. */
    DmlShape.Extended addTo(DmlShape shape, String sql) {
        return shape.with(sql, options, String.join(", ", columns));
    }

    /**
     * The write that a row tells of.
     *
     * @param asked how many columns come before these
     * @param set of an update, the columns that the statement names; null where that is not known
     */
    Write read(ColumnReader reader, int asked, String tableName, boolean @Nullable [] set) throws SQLException {
        ChangeType type = type(reader, asked + 1);
        @Nullable Object[] last = newAt < 0 ? null : image(reader, asked + newAt + 1);
        @Nullable Object[] old = oldAt < 0 || type == ChangeType.INSERT ? null : image(reader, asked + oldAt + 1);
        return switch (type) {
            case INSERT -> new Write(table, tableName, type, null, last, null);
            case DELETE -> new Write(table, tableName, type, old == null ? last : old, null, null);
            case UPDATE ->
                old == null
                        ? updateOfUnknown(tableName, Objects.requireNonNull(last), set)
                        : update(tableName, old, Objects.requireNonNull(last), set);
        };
    }

    private ChangeType type(ColumnReader reader, int first) throws SQLException {
        return switch (kind) {
            case INSERT -> ChangeType.INSERT;
            case UPDATE -> ChangeType.UPDATE;
            case DELETE -> ChangeType.DELETE;
            case UPSERT -> reader.flag(first) ? ChangeType.INSERT : ChangeType.UPDATE;
            case MERGE -> ChangeType.valueOf(reader.text(first));
        };
    }

    private @Nullable Object[] image(ColumnReader reader, int first) {
        @Nullable Object[] image = new Object[table.fields().length];
        for (int i = 0; i < image.length; i++) {
            image[i] = reader.readOrUnknown(table.fields()[i], first + i);
        }
        return image;
    }

    /** Changed is what the statement names and what differs. */
    private Write update(String tableName, @Nullable Object[] old, @Nullable Object[] last, boolean @Nullable [] set) {
        @Nullable Object[] changed = last;
        for (int i = 0; i < changed.length; i++) {
            if (!(set != null && set[i]) && Objects.deepEquals(old[i], last[i])) {
                changed[i] = UNKNOWN;
            }
        }
        return new Write(table, tableName, ChangeType.UPDATE, old, changed, null);
    }

    /** Of the row as it was only the key is known, if the statement does not set it. */
    private Write updateOfUnknown(String tableName, @Nullable Object[] last, boolean @Nullable [] set) {
        @Nullable Object[] old = Images.nothing(table);
        @Nullable Object[] named = Images.nothing(table);
        @Nullable Object[] others = last;
        if (set != null) {
            for (int column : table.keyColumns()) {
                old[column] = set[column] ? UNKNOWN : last[column];
            }
            for (int i = 0; i < last.length; i++) {
                if (set[i]) {
                    named[i] = last[i];
                    others[i] = UNKNOWN;
                }
            }
        }
        return new Write(table, tableName, ChangeType.UPDATE, old, named, others);
    }
}
