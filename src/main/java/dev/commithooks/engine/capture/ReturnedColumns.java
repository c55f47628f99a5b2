package dev.commithooks.engine.capture;

import static dev.commithooks.row.RowVersions.UNKNOWN;

import dev.commithooks.engine.capture.Catalogue.Width;
import dev.commithooks.engine.registry.HookedTable;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a table that a statement is made to return of a row.
 *
 * <p>pgjdbc sends a batch many rows at a time only if it knows how much comes back for each; of a column whose values may be of any
 * size it does not, and makes a round trip for each row. So in a batch a text comes back only if it is short, under a type that says
 * so, and what has no short text does not come back at all.
 */
final class ReturnedColumns {

    /** How many characters of texts may come back of a row in a batch, the driver waiting for about 64,000. */
    private static final int TEXTS = 2_000;

    private static final int SHORTEST = 64;
    private static final int LONGEST = 400;

    /** A row whose key is not known is nobody's. */
    private static final int LONGEST_KEY = 1_000;

    private final HookedTable table;
    private final String[] names;
    private final Width @Nullable [] widths;
    private final int limit;

    private ReturnedColumns(HookedTable table, String[] names, Width @Nullable [] widths) {
        this.table = table;
        this.names = names;
        this.widths = widths;
        int texts = 0;
        for (int i = 0; i < names.length; i++) {
            texts += isLimited(i) ? 1 : 0;
        }
        this.limit = Math.min(LONGEST, Math.max(SHORTEST, TEXTS / Math.max(1, 2 * texts)));
    }

    /** All columns. */
    static ReturnedColumns all(HookedTable table, String[] names) {
        return new ReturnedColumns(table, names, null);
    }

    /** What a batch is to return: all of each row whose key has no bound. */
    static ReturnedColumns ofBatch(HookedTable table, String[] names, List<Width> widths) {
        for (int column : table.keyColumns()) {
            if (widths.get(column) == Width.UNBOUNDED) {
                return all(table, names);
            }
        }
        return new ReturnedColumns(table, names, widths.toArray(Width[]::new));
    }

    private boolean isLimited(int column) {
        return widths != null && widths[column] == Width.TEXT && table.holds(column);
    }

    private int limit(int column) {
        return IntStream.of(table.keyColumns()).anyMatch(key -> key == column) ? LONGEST_KEY : limit;
    }

    private boolean isLeftOut(int column) {
        return !table.holds(column) || widths != null && widths[column] == Width.UNBOUNDED;
    }

    /** Adds the columns of one version of the row to those that a statement returns already. */
    Version addTo(List<String> columns, String prefix) {
        int[] at = new int[names.length];
        for (int i = 0; i < names.length; i++) {
            at[i] = isLeftOut(i) ? -1 : columns.size();
            if (isLimited(i)) { // cut off at a length that says that there was more
                columns.add(prefix + names[i] + "::text::varchar(" + (limit(i) + 1) + ")");
            } else if (at[i] >= 0) {
                columns.add(prefix + names[i]);
            }
        }
        return new Version(at);
    }

    /** The place of one version of the row among the columns that a statement returns. */
    final class Version {

        private final int[] at;

        private Version(int[] at) {
            this.at = at;
        }

        /**
         * The image that a row of the result tells.
         *
         * @param first the index of the first of the columns that are ours
         */
        @Nullable
        Object[] read(ColumnReader reader, int first) throws SQLException {
            @Nullable Object[] image = new Object[at.length];
            for (int i = 0; i < image.length; i++) {
                boolean isMissing = at[i] < 0 || isLimited(i) && isCutOff(reader.textOrNull(first + at[i]), limit(i));
                image[i] = isMissing ? UNKNOWN : reader.readOrUnknown(table.fields()[i], first + at[i]);
            }
            return image;
        }
    }

    private static boolean isCutOff(@Nullable String text, int limit) {
        return text != null && text.codePointCount(0, text.length()) > limit;
    }
}
