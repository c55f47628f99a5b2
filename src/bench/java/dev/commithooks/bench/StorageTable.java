package dev.commithooks.bench;

import java.util.List;
import java.util.Locale;

/** What it costs to store many children, as a table for PERFORMANCE.md. */
final class StorageTable {

    static final String HEARD = "a hook on the table: ";
    static final String BATCH = "plain jOOQ: `batchInsert` in chunks of 500, no keys";
    static final String ONE_BATCH = "plain jOOQ: `batchInsert` of all, no keys";
    static final String STORED = "no hook on the table: `Storage.store`, keys in the records";
    static final String HEARD_BATCH = HEARD + "`batchInsert` in chunks of 500, no keys";
    static final String HEARD_STORED = HEARD + "`Storage.store`, keys in the records";

    private StorageTable() {}

    /** The table of the lines that {@link StorageCosts} has reported. */
    static String of(List<String[]> lines) {
        StringBuilder text = new StringBuilder("""

                ### Ten thousand children, on PostgreSQL

                A transaction that inserts 10,000 records of a table with an identity and a foreign key, over jOOQ's `batchInsert` in chunks
                of 500 beside it, median of the ratios within a round and its 95 % interval.

                | | ms | over `batchInsert` |
                |---|---|---|
                """);
        for (String[] line : lines) {
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %,.0f | **%.2f** (%.2f–%.2f) |%n",
                    line[0],
                    Double.parseDouble(line[1]),
                    Double.parseDouble(line[2]),
                    Double.parseDouble(line[3]),
                    Double.parseDouble(line[4])));
        }
        return text.toString();
    }
}
