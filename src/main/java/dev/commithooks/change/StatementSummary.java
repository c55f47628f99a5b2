package dev.commithooks.change;

import dev.commithooks.row.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jooq.Table;

/**
 * What one statement did that wrote more rows than are recorded one by one: how many rows, and no more. Only where {@link
 * dev.commithooks.policy.LargeStatements#SUMMARIZED} is chosen; such a statement's rows are in no {@link Change}.
 *
 * <p>A row that was written before or after it, too, is told of as if the statement had not been: its images are what the other
 * writes made of it, and are never folded across the statement.
 *
 * @param table the table, as generated
 * @param inserted the number of rows that it inserted
 * @param updated the number of rows that it updated
 * @param deleted the number of rows that it deleted
 * @param sql the statement, with placeholders where jOOQ binds values
 */
public record StatementSummary(Table<?> table, long inserted, long updated, long deleted, String sql) {

    /**
     * A summary, made by the library, or by hand to test a hook with.
     *
     * @throws IllegalArgumentException for a negative number
     */
    public StatementSummary {
        Objects.requireNonNull(table, "table");
        Objects.requireNonNull(sql, "sql");
        if (inserted < 0 || updated < 0 || deleted < 0) {
            throw new IllegalArgumentException("A statement cannot have written "
                    + Math.min(inserted, Math.min(updated, deleted)) + " rows of " + TableName.of(table));
        }
    }

    /** The number of rows that were written: by an upsert or MERGE, inserted or updated or deleted ones. */
    public long rows() {
        return inserted + updated + deleted;
    }

    /** The number of rows that this was done to. */
    public long rows(ChangeType type) {
        return switch (type) {
            case INSERT -> inserted;
            case UPDATE -> updated;
            case DELETE -> deleted;
        };
    }

    /** For instance {@code 250000 rows of public.book were updated by update "public"."book" set ...}. */
    @Override
    public String toString() {
        List<String> parts = new ArrayList<>(1);
        add(parts, inserted, "inserted");
        add(parts, updated, "updated");
        add(parts, deleted, "deleted");
        return (parts.isEmpty() ? "no row of " + TableName.of(table) + " was written" : String.join(", ", parts))
                + " by " + sql;
    }

    private void add(List<String> parts, long count, String done) {
        if (count > 0) {
            String of = (count == 1 ? " row" : " rows") + (parts.isEmpty() ? " of " + TableName.of(table) : "");
            parts.add(count + of + (count == 1 ? " was " : " were ") + done);
        }
    }
}
