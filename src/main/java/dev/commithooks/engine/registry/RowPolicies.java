package dev.commithooks.engine.registry;

import dev.commithooks.policy.OldRows;
import dev.commithooks.policy.Recording;
import java.util.Map;
import java.util.Set;
import org.jooq.Field;
import org.jooq.Table;

/**
 * The recording of rows, table by table.
 *
 * @param oldRows where the old rows of some tables come from
 * @param oldRowsByDefault where those of all others come from
 * @param recording which writes to some tables are recorded
 * @param recordingByDefault which writes to all others are
 * @param leftOut the columns that are in no image of some tables' rows
 * @param statementLimit how many rows one statement may write that is recorded row by row
 */
public record RowPolicies(
        Map<Table<?>, OldRows> oldRows,
        OldRows oldRowsByDefault,
        Map<Table<?>, Recording> recording,
        Recording recordingByDefault,
        Map<Table<?>, Set<Field<?>>> leftOut,
        int statementLimit) {

    /** The limit where nothing is said. */
    public static final int DEFAULT_STATEMENT_LIMIT = 100_000;

    /** Copies the maps. */
    public RowPolicies {
        oldRows = Map.copyOf(oldRows);
        recording = Map.copyOf(recording);
        leftOut = Map.copyOf(leftOut);
    }

    /** The defaults, for all tables. */
    public static RowPolicies defaults() {
        return new RowPolicies(
                Map.of(), OldRows.FROM_RECORD, Map.of(), Recording.STATEMENTS, Map.of(), DEFAULT_STATEMENT_LIMIT);
    }

    OldRows oldRows(Table<?> table) {
        return oldRows.getOrDefault(table, oldRowsByDefault);
    }

    Recording recording(Table<?> table) {
        return recording.getOrDefault(table, recordingByDefault);
    }

    Set<Field<?>> leftOut(Table<?> table) {
        return leftOut.getOrDefault(table, Set.of());
    }
}
