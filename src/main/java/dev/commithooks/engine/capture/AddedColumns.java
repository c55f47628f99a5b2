package dev.commithooks.engine.capture;

import static dev.commithooks.row.RowVersions.UNKNOWN;

import dev.commithooks.change.ChangeType;
import dev.commithooks.engine.log.SimultaneousWrite;
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

    /** Whether a row was inserted. */
    static final String HAD_NO_OLD_ROW = "(ch_old is null)";

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

    private ReturnedColumns.@Nullable Version old;
    private ReturnedColumns.@Nullable Version last;

    private AddedColumns(HookedTable table, Kind kind, String options) {
        this.table = table;
        this.kind = kind;
        this.options = options;
    }

    /** The columns on a server that tells old rows. */
    static AddedColumns ofBothRows(HookedTable table, Kind kind, ReturnedColumns row) {
        AddedColumns added = new AddedColumns(table, kind, OLD_AND_NEW);
        if (kind == Kind.UPSERT) {
            added.columns.add(HAD_NO_OLD_ROW);
        }
        added.addAction();
        if (kind != Kind.INSERT) {
            added.old = row.addTo(added.columns, OLD);
        }
        if (kind != Kind.DELETE) {
            added.last = row.addTo(added.columns, NEW);
        }
        return added;
    }

    /** The columns on a server that tells of each row its last version only; of a deleted one, that is the old row. */
    static AddedColumns ofLastRow(HookedTable table, Kind kind, String prefix, ReturnedColumns row) {
        AddedColumns added = new AddedColumns(table, kind, "");
        if (kind == Kind.UPSERT) {
            added.columns.add(UpsertQuestion.INSERTED_BY_UPSERT);
        }
        added.addAction();
        added.last = row.addTo(added.columns, prefix);
        return added;
    }

    /** The columns of an update that joins the rows that it locked. */
    static AddedColumns ofLockedRows(HookedTable table, String target, ReturnedColumns oldRow, ReturnedColumns row) {
        AddedColumns added = new AddedColumns(table, Kind.UPDATE, "");
        added.old = oldRow.addTo(added.columns, OLD);
        added.last = row.addTo(added.columns, target + ".");
        return added;
    }

    private void addAction() {
        if (kind == Kind.MERGE) {
            columns.add("merge_action()");
        }
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
     * A row of a result.
     *
     * @param type what was done to it
     * @param old the row before, if the server told it
     * @param last its last version; of a deleted row the one before, where the server tells no other
     */
    record Row(
            ChangeType type,
            @Nullable Object @Nullable [] old,
            @Nullable Object @Nullable [] last) {}

    /**
     * Reads a row.
     *
     * @param asked how many columns come before these
     */
    Row read(ColumnReader reader, int asked) throws SQLException {
        ChangeType type = type(reader, asked);
        return new Row(
                type,
                old == null || type == ChangeType.INSERT ? null : old.read(reader, asked + 1),
                last == null ? null : last.read(reader, asked + 1));
    }

    /**
     * The write that a row tells of.
     *
     * @param set of an update, the columns that the statement names; null where that is not known
     * @param statement the execution of the statement that has told it
     */
    Write write(Row row, String tableName, boolean @Nullable [] set, Object statement) {
        boolean isAlone = !mayTakeOthersKeys(row); // asked before its images are altered
        Write write = write(row, tableName, set);
        return isAlone ? write : new SimultaneousWrite(write, statement);
    }

    private Write write(Row row, String tableName, boolean @Nullable [] set) {
        return switch (row.type) {
            case INSERT -> new Write(table, tableName, row.type, null, row.last, null);
            case DELETE -> new Write(table, tableName, row.type, row.old == null ? row.last : row.old, null, null);
            case UPDATE ->
                row.old == null
                        ? updateOfUnknown(tableName, Objects.requireNonNull(row.last), set)
                        : update(tableName, row.old, Objects.requireNonNull(row.last), set);
        };
    }

    /** Whether a row has another key than before, or its statement may do other things to other rows. */
    private boolean mayTakeOthersKeys(Row row) {
        if (kind == Kind.MERGE || kind == Kind.UPSERT) {
            return row.type != ChangeType.UPDATE || row.old != null;
        }
        @Nullable Object @Nullable [] before = row.old;
        @Nullable Object @Nullable [] after = row.last;
        if (before != null && after != null) {
            for (int column : table.keyColumns()) {
                if (!Objects.deepEquals(before[column], after[column])) {
                    return true;
                }
            }
        }
        return false;
    }

    /**
     * What was done to a row, and no more.
     *
     * @param asked how many columns come before these
     */
    ChangeType type(ColumnReader reader, int asked) throws SQLException {
        int first = asked + 1;
        return switch (kind) {
            case INSERT -> ChangeType.INSERT;
            case UPDATE -> ChangeType.UPDATE;
            case DELETE -> ChangeType.DELETE;
            case UPSERT -> reader.flag(first) ? ChangeType.INSERT : ChangeType.UPDATE;
            case MERGE -> ChangeType.valueOf(reader.text(first));
        };
    }

    /**
     * Changed is what the statement names and what differs. Of a column that was not read before, the value is known and no
     * more; of one that was not read after, nothing is.
     */
    private Write update(String tableName, @Nullable Object[] old, @Nullable Object[] last, boolean @Nullable [] set) {
        @Nullable Object[] changed = last;
        @Nullable Object[] others = null;
        for (int i = 0; i < changed.length; i++) {
            boolean isSet = set != null && set[i];
            if (last[i] == UNKNOWN) {
                old[i] = UNKNOWN;
            } else if (!isSet && old[i] == UNKNOWN) {
                others = others == null ? table.unknownRow() : others;
                others[i] = last[i];
                changed[i] = UNKNOWN;
            } else if (!isSet && Objects.deepEquals(old[i], last[i])) {
                changed[i] = UNKNOWN;
            }
        }
        return new Write(table, tableName, ChangeType.UPDATE, old, changed, others);
    }

    /** Of the row as it was only the key is known, if the statement does not set it. */
    private Write updateOfUnknown(String tableName, @Nullable Object[] last, boolean @Nullable [] set) {
        @Nullable Object[] old = table.unknownRow();
        @Nullable Object[] named = table.unknownRow();
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
