package dev.commithooks.engine.capture;

import dev.commithooks.engine.sql.SqlScanner;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The parts of the text of one INSERT, UPDATE, DELETE or MERGE, as far as they are needed to add to its RETURNING.
 *
 * @param verb the verb, in lower case
 * @param target the table, as it is named
 * @param alias the table's alias, if it has one
 * @param isUpsert whether it says ON CONFLICT DO UPDATE
 * @param returning where its RETURNING clause's list begins; -1 without one
 * @param namesVersions whether that list speaks of OLD and NEW rows itself
 * @param end where it ends, a semicolon aside
 * @param isSingle whether no other statement follows
 * @param inside the tables that DML in its common table expressions writes
 */
record DmlShape(
        String verb,
        DmlText target,
        @Nullable String alias,
        boolean isUpsert,
        int returning,
        boolean namesVersions,
        int end,
        boolean isSingle,
        List<DmlText> inside) {

    private static final Set<String> VERBS = Set.of("insert", "update", "delete", "merge");

    /** The words that may follow a table and are no alias. */
    private static final Set<String> CLAUSES = Set.of(
            "set",
            "using",
            "where",
            "values",
            "select",
            "default",
            "overriding",
            "on",
            "returning",
            "with",
            "from",
            "table");

    /** The shape of the text's first statement; null if that is no DML. */
    static @Nullable DmlShape of(String sql) {
        return new Reader(sql).read();
    }

    /** The tables that DML inside a statement's common table expressions writes, of whatever kind the statement is. */
    static List<DmlText> inside(String sql) {
        Reader reader = new Reader(sql);
        reader.verb();
        return reader.inside;
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
        // On a line of its own, for fear of a comment at the end.
        if (returning < 0) {
            String clause = "\nreturning " + options + columns;
            return new Extended(sql.substring(0, end) + clause, "", clause);
        }
        String first = options.isEmpty() ? "" : " " + options;
        String last = "\n, " + columns;
        return new Extended(sql.substring(0, returning) + first + sql.substring(returning, end) + last, first, last);
    }

    private static final class Reader {

        private final String sql;
        private final SqlScanner scanner;
        private final List<DmlText> inside = new ArrayList<>(0);
        private @Nullable String alias;
        private String next = "";
        private boolean isUpsert;
        private int returning = -1;
        private boolean namesVersions;

        Reader(String sql) {
            this.sql = sql;
            this.scanner = new SqlScanner(sql);
        }

        @Nullable
        DmlShape read() {
            String verb = verb();
            DmlText target = VERBS.contains(verb) ? DmlText.target(scanner) : null;
            if (target == null) {
                return null;
            }
            readAlias();
            int end = readClauses();
            boolean isSingle = scanner.keyword().isEmpty() && !scanner.skip();
            return new DmlShape(verb, target, alias, isUpsert, returning, namesVersions, end, isSingle, inside);
        }

        /** The statement's verb, after its common table expressions. */
        String verb() {
            String word = scanner.keyword();
            if (!word.equals("with")) {
                return word;
            }
            do {
                String name = scanner.identifier();
                if (name != null && name.equals("recursive")) {
                    scanner.identifier();
                }
                if (scanner.isAtAnyOf("(")) {
                    skipParentheses();
                }
                word = scanner.keyword();
                while (!word.isEmpty()) { // as, not, materialized
                    word = scanner.keyword();
                }
                if (!scanner.isAtAnyOf("(")) {
                    return "";
                }
                readCommonTableExpression();
                word = scanner.keyword();
                while (!word.isEmpty() && !VERBS.contains(word) && !word.equals("select")) { // search, cycle
                    word = scanner.keyword();
                }
            } while (word.isEmpty() && scanner.isAtAnyOf(",") && scanner.skip());
            return word;
        }

        private void readCommonTableExpression() {
            scanner.skip();
            DmlText written = VERBS.contains(scanner.keyword()) ? DmlText.target(scanner) : null;
            if (written != null) {
                inside.add(written);
            }
            skipToTheEndOf(1);
        }

        private void skipParentheses() {
            scanner.skip();
            skipToTheEndOf(1);
        }

        private void skipToTheEndOf(int open) {
            int depth = open;
            while (depth > 0) {
                if (scanner.isAtAnyOf("(")) {
                    depth++;
                } else if (scanner.isAtAnyOf(")")) {
                    depth--;
                }
                if (!scanner.skip()) {
                    return;
                }
            }
        }

        private void readAlias() {
            if (scanner.isAtAnyOf("*")) {
                scanner.skip();
            }
            if (scanner.isAtAnyOf("\"")) {
                alias = scanner.identifier();
                return;
            }
            next = scanner.keyword();
            if (next.equals("as")) {
                alias = scanner.identifier();
                next = "";
            } else if (!next.isEmpty() && !CLAUSES.contains(next)) {
                alias = next;
                next = "";
            }
        }

        /** Reads to the end of the statement, which it returns. */
        private int readClauses() {
            int depth = 0;
            String before = "";
            while (true) {
                String word = next.isEmpty() ? scanner.keyword() : next;
                next = "";
                if (!word.isEmpty()) {
                    clauseWord(word, before, depth);
                    before = word;
                    continue;
                }
                before = "";
                if (depth == 0 && scanner.isAtAnyOf(";")) {
                    int end = scanner.position();
                    scanner.skip();
                    return end;
                }
                if (scanner.isAtAnyOf("(")) {
                    depth++;
                } else if (scanner.isAtAnyOf(")")) {
                    depth--;
                }
                if (!scanner.skip()) {
                    return sql.length();
                }
            }
        }

        private void clauseWord(String word, String before, int depth) {
            if (returning >= 0) {
                boolean isOptions = before.equals("returning") && word.equals("with");
                namesVersions |= isOptions || (word.equals("old") || word.equals("new")) && scanner.isAtAnyOf(".");
            } else if (depth == 0 && word.equals("returning")) {
                returning = scanner.position();
            } else if (depth == 0 && before.equals("do") && word.equals("update")) {
                isUpsert = true;
            }
        }
    }
}
