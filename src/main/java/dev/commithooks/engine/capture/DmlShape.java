package dev.commithooks.engine.capture;

import dev.commithooks.engine.sql.Syntax;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The parts of the text of one INSERT, UPDATE, DELETE or MERGE, as far as they are needed to add to its RETURNING, or to the list of
 * the query that reads it as a data change delta table.
 *
 * @param verb the verb, in lower case
 * @param target the table, as it is named
 * @param alias the table's alias, if it has one
 * @param isUpsert whether it says ON CONFLICT DO UPDATE, or ON DUPLICATE KEY UPDATE
 * @param joins whether it deletes with USING or a join
 * @param delta whether the database has delta tables in place of a RETURNING clause
 * @param returning where its RETURNING clause's list begins, and where a delta table's query's list ends; -1 without one
 * @param namesVersions whether that list speaks of OLD and NEW rows itself, or tables of the statement have our names for them
 * @param end where it ends, a semicolon aside
 * @param isSingle whether no other statement follows
 * @param inside the tables that DML in its common table expressions writes
 */
record DmlShape(
        String verb,
        DmlText target,
        @Nullable String alias,
        boolean isUpsert,
        boolean joins,
        boolean delta,
        int returning,
        boolean namesVersions,
        int end,
        boolean isSingle,
        List<DmlText> inside) {

    /** The shape of the text's first statement; null if that is no DML. */
    static @Nullable DmlShape of(String sql, Syntax syntax) {
        return new DmlReader(sql, syntax).read();
    }

    /** The tables that DML inside a statement writes, in common table expressions or a delta table, of whatever kind it is. */
    static List<DmlText> inside(String sql, Syntax syntax) {
        return new DmlReader(sql, syntax).readInside();
    }

    /**
     * A statement with more in its RETURNING.
     *
     * @param sql its text
     * @param options what was put right after the word RETURNING; empty if nothing was
     * @param columns what was put at the end
     */
    record Extended(String sql, String options, String columns) {

        /** A message that may quote the statement, as if it were still what it was. */
        String hiddenIn(String message) {
            String hidden = message.replace(columns, "");
            return options.isEmpty() ? hidden : hidden.replace(options, "");
        }
    }

    /** The statement with more in its RETURNING: something right after the word, something at the end. */
    Extended with(String sql, String options, String columns) {
        if (delta) {
            return withDeltaTable(sql, columns);
        }
        // On a line of its own, for fear of a comment at the end.
        if (returning < 0) {
            String clause = "\nreturning " + options + columns;
            return new Extended(sql.substring(0, end) + clause, "", clause);
        }
        String first = options.isEmpty() ? "" : " " + options;
        String last = "\n, " + columns;
        return new Extended(sql.substring(0, returning) + first + sql.substring(returning, end) + last, first, last);
    }

    /** Of a row that is deleted the old version is the only one. */
    private Extended withDeltaTable(String sql, String columns) {
        if (returning >= 0) {
            String last = ", " + columns + " ";
            return new Extended(sql.substring(0, returning) + last + sql.substring(returning), "", last);
        }
        String first = "select " + columns + " from " + (verb.equals("delete") ? "old" : "final") + " table (";
        return new Extended(first + sql.substring(0, end) + "\n)", first, "\n)");
    }
}
