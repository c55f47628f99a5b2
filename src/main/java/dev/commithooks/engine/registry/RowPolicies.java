package dev.commithooks.engine.registry;

import dev.commithooks.policy.LargeStatements;
import dev.commithooks.policy.OldRows;
import dev.commithooks.policy.Recording;
import dev.commithooks.row.TableName;
import java.util.Map;
import java.util.Optional;
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
 * @param largeStatements what becomes of some tables' statements that write more
 * @param largeStatementsByDefault what becomes of those of all others
 * @param statementLimit how many rows one statement may write that is recorded row by row
 */
public record RowPolicies(
        Map<Table<?>, OldRows> oldRows,
        OldRows oldRowsByDefault,
        Map<Table<?>, Recording> recording,
        Recording recordingByDefault,
        Map<Table<?>, Set<Field<?>>> leftOut,
        Map<Table<?>, LargeStatements> largeStatements,
        LargeStatements largeStatementsByDefault,
        int statementLimit) {

    /** The limit where nothing is said. */
    public static final int DEFAULT_STATEMENT_LIMIT = 100_000;

    /** Copies the maps. */
    public RowPolicies {
        oldRows = Map.copyOf(oldRows);
        recording = Map.copyOf(recording);
        leftOut = Map.copyOf(leftOut);
        largeStatements = Map.copyOf(largeStatements);
    }

    /** The defaults, for all tables. */
    public static RowPolicies defaults() {
        return new RowPolicies(
                Map.of(),
                OldRows.FROM_RECORD,
                Map.of(),
                Recording.STATEMENTS,
                Map.of(),
                Map.of(),
                LargeStatements.ROLLED_BACK,
                DEFAULT_STATEMENT_LIMIT);
    }

    OldRows oldRows(Table<?> table) {
        return oldRows.getOrDefault(table, oldRowsByDefault);
    }

    Recording recording(Table<?> table) {
        return recording.getOrDefault(table, recordingByDefault);
    }

    /** Whether a statement on the table that writes too many rows is summarized. */
    public boolean isSummarized(Table<?> table) {
        return largeStatements.getOrDefault(table, largeStatementsByDefault) == LargeStatements.SUMMARIZED;
    }

    /** The name of a table that a hook is registered for, and of which that is so. */
    public Optional<String> summarizedAmong(Registration registration) {
        Table<?> only = registration.table();
        if (only != null) {
            return isSummarized(only) ? Optional.of(TableName.of(only)) : Optional.empty();
        }
        return largeStatementsByDefault == LargeStatements.SUMMARIZED
                ? Optional.of("all tables")
                : largeStatements.keySet().stream()
                        .filter(table -> registration.serves(table) && isSummarized(table))
                        .map(TableName::of)
                        .findFirst();
    }

    Set<Field<?>> leftOut(Table<?> table) {
        return leftOut.getOrDefault(table, Set.of());
    }
}
