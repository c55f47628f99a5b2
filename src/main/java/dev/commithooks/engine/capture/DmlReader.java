package dev.commithooks.engine.capture;

import dev.commithooks.engine.sql.Script;
import dev.commithooks.engine.sql.SqlScanner;
import dev.commithooks.engine.sql.Syntax;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A walk over the text of a statement for its {@link DmlShape}. */
final class DmlReader {

    private static final Set<String> VERBS = Set.of("insert", "update", "delete", "merge");
    /** Tables under the names that are ours in RETURNING. */
    private static final Pattern OUR_NAMES =
            Pattern.compile("(?i)\\bas\\s+\"?ch_(old|new)\\b|\\bch_(old|new)\"?\\s*\\.");

    private static final Set<String> DELTA_TABLES = Set.of("final", "new", "old");

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

    private final String sql;
    private final Syntax syntax;
    private final SqlScanner scanner;
    private final List<DmlText> inside = new ArrayList<>(0);
    private @Nullable String alias;
    private String next = "";
    private boolean isUpsert;
    private boolean joins;
    private boolean isDelta;
    private int returning = -1;
    private boolean namesVersions;

    DmlReader(String sql, Syntax syntax) {
        this.sql = sql;
        this.syntax = syntax;
        this.scanner = new SqlScanner(sql, syntax.lexis());
    }

    @Nullable
    DmlShape read() {
        String verb = verb();
        boolean isRead = isAtDeltaTable(verb);
        if (isRead) {
            verb = scanner.keyword();
        }
        DmlText target = target(verb);
        if (target == null) {
            return null;
        }
        readAlias();
        joins = verb.equals("delete") && (next.equals("from") || next.isEmpty() && scanner.isAtAnyOf(","));
        int end = readClauses();
        boolean isLast = isRead ? !scanner.nextStatement() : scanner.keyword().isEmpty() && !scanner.skip();
        return new DmlShape(
                verb,
                target,
                alias,
                isUpsert,
                joins && verb.equals("delete"),
                syntax.hasDeltaTables(),
                returning,
                namesVersions || sql.contains("ch_") && OUR_NAMES.matcher(sql).find(),
                end,
                isLast && !Script.mayBeSeveral(sql, syntax),
                inside);
    }

    private @Nullable DmlText target(String verb) {
        return VERBS.contains(verb) ? DmlText.target(scanner, syntax) : null;
    }

    /** Goes into the delta table that a query reads, if it does. */
    private boolean isAtDeltaTable(String verb) {
        if (!verb.equals("select") || !syntax.hasDeltaTables()) {
            return false;
        }
        int depth = 0;
        do {
            String word = scanner.keyword();
            while (!word.isEmpty()) {
                if (depth == 0 && word.equals("from")) {
                    returning = scanner.position() - word.length();
                    isDelta = true;
                    return DELTA_TABLES.contains(scanner.keyword())
                            && scanner.keyword().equals("table")
                            && scanner.isAtAnyOf("(")
                            && scanner.skip();
                }
                word = scanner.keyword();
            }
            depth += scanner.isAtAnyOf("(") ? 1 : scanner.isAtAnyOf(")") ? -1 : 0;
        } while (scanner.skip());
        return false;
    }

    /** The tables that DML inside the statement writes. */
    List<DmlText> readInside() {
        DmlText delta = isAtDeltaTable(verb()) ? target(scanner.keyword()) : null;
        return delta == null ? inside : List.of(delta);
    }

    /** The statement's verb, after its common table expressions. */
    private String verb() {
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
        DmlText written = target(scanner.keyword());
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
        if (scanner.isAtQuotedIdentifier()) {
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
        String first = "";
        String before = "";
        while (true) {
            String word = next.isEmpty() ? scanner.keyword() : next;
            next = "";
            if (!word.isEmpty()) {
                clauseWord(word, before, first, depth);
                first = before;
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
            if (depth < 0 && isDelta || !scanner.skip()) { // where a delta table ends
                return depth < 0 && isDelta ? scanner.position() : sql.length();
            }
        }
    }

    private void clauseWord(String word, String before, String first, int depth) {
        if (returning >= 0 && !isDelta) {
            boolean isOptions = before.equals("returning") && word.equals("with");
            namesVersions |= isOptions || (word.equals("old") || word.equals("new")) && scanner.isAtAnyOf(".");
        } else if (depth == 0 && word.equals("returning") && !syntax.hasDeltaTables()) {
            returning = scanner.position();
        } else if (depth == 0 && word.equals("update")) {
            isUpsert |= before.equals("do") || before.equals("key") && first.equals("duplicate");
        } else if (depth == 0) {
            joins |= word.equals("using") || word.equals("join");
        }
    }
}
