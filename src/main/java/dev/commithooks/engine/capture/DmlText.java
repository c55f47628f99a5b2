package dev.commithooks.engine.capture;

import dev.commithooks.engine.sql.SqlScanner;
import dev.commithooks.engine.sql.Syntax;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a text of SQL statements says that it writes, as far as each statement's beginning tells it.
 *
 * @param schema the table's schema, if it is named
 * @param table the table
 * @param replaces whether it deletes the rows that are in its way
 * @param truncates whether it is a TRUNCATE of the table
 */
record DmlText(@Nullable String schema, String table, boolean replaces, boolean truncates) {

    private static final String TRUNCATE = "truncate";
    private static final Set<String> WRITING = Set.of("insert", "update", "delete", "merge", TRUNCATE, "replace");
    private static final Set<String> INTRODUCING = Set.of("into", "from", "table", "only");
    /** The words that come after a verb within a statement: {@code FOR UPDATE OF}, {@code DO UPDATE SET}. */
    private static final Set<String> NO_TABLES =
            Set.of("set", "of", "nowait", "skip", "values", "default", "when", "or", "on", "returning");

    private static final Set<String> VERBS = Set.of("insert", "update", "delete", "merge", "select");

    /** The tables that the statements name as theirs to write. */
    static List<DmlText> of(String sql, Syntax syntax) {
        List<DmlText> found = new ArrayList<>();
        SqlScanner scanner = new SqlScanner(sql, syntax.lexis());
        do {
            addStatement(sql, scanner, syntax, found);
        } while (scanner.nextStatement());
        return found;
    }

    private static void addStatement(String sql, SqlScanner scanner, Syntax syntax, List<DmlText> into) {
        String verb = verb(scanner);
        if (verb.equals("do")) {
            addBlock(quotation(sql, scanner), syntax, into);
        }
        if (!WRITING.contains(verb)) {
            return;
        }
        do {
            DmlText target = target(scanner, syntax);
            if (target != null) {
                into.add(target.writtenBy(verb));
            }
        } while (verb.equals(TRUNCATE) && scanner.isAtAnyOf(",") && scanner.skip());
    }

    private DmlText writtenBy(String verb) {
        return verb.equals(TRUNCATE) ? new DmlText(schema, table, replaces, true) : this;
    }

    private static String verb(SqlScanner scanner) {
        String verb = scanner.keyword();
        return switch (verb) {
            case "with", "prepare" -> verbAfterCommonTableExpressions(scanner);
            case "explain" -> explainedVerb(scanner);
            default -> verb;
        };
    }

    /** EXPLAIN executes what it explains if it says ANALYZE. */
    private static String explainedVerb(SqlScanner scanner) {
        boolean executes = false;
        do {
            String word = scanner.keyword();
            while (!word.isEmpty()) {
                if (VERBS.contains(word) || word.equals("with")) {
                    String verb = word.equals("with") ? verbAfterCommonTableExpressions(scanner) : word;
                    return executes ? verb : "";
                }
                executes |= word.equals("analyze") || word.equals("analyse");
                word = scanner.keyword();
            }
        } while (scanner.skip());
        return "";
    }

    /** What stands in the next quotation, after whatever words come before it; empty if there is none. */
    private static String quotation(String sql, SqlScanner scanner) {
        String word = scanner.keyword();
        while (!word.isEmpty()) {
            word = scanner.keyword();
        }
        if (!scanner.isAtAnyOf("'$")) {
            return "";
        }
        int start = scanner.position();
        scanner.skip();
        String quoted = sql.substring(start, scanner.position());
        int mark = quoted.startsWith("$") ? quoted.indexOf('$', 1) + 1 : 1;
        return mark <= quoted.length() - mark ? quoted.substring(mark, quoted.length() - mark) : "";
    }

    /** The statements of an anonymous block. */
    private static void addBlock(String body, Syntax syntax, List<DmlText> into) {
        SqlScanner scanner = new SqlScanner(body, syntax.lexis());
        do {
            String word = scanner.keyword();
            while (!word.isEmpty()) {
                DmlText target = WRITING.contains(word) ? target(scanner, syntax) : null;
                if (target != null && !NO_TABLES.contains(target.table)) {
                    into.add(target.writtenBy(word));
                }
                word = scanner.keyword();
            }
        } while (scanner.skip());
    }

    private static String verbAfterCommonTableExpressions(SqlScanner scanner) {
        int depth = 0;
        do {
            String word = depth == 0 ? verbAmongTheNextWords(scanner) : "";
            if (!word.isEmpty()) {
                return word;
            }
            if (scanner.isAtAnyOf("(")) {
                depth++;
            } else if (scanner.isAtAnyOf(")")) {
                depth--;
            } else if (scanner.isAtAnyOf(";")) {
                return "";
            }
        } while (scanner.skip());
        return "";
    }

    /** The next verb before anything that is no word. */
    private static String verbAmongTheNextWords(SqlScanner scanner) {
        String word = scanner.keyword();
        while (!word.isEmpty() && !VERBS.contains(word)) {
            word = scanner.keyword();
        }
        return word;
    }

    /** The table that comes next after a verb; null where something else does. */
    static @Nullable DmlText target(SqlScanner scanner, Syntax syntax) {
        boolean isQuoted = scanner.isAtQuotedIdentifier();
        String name = scanner.identifier();
        boolean replaces = false;
        boolean isInParentheses = false;
        while (name != null
                && !isQuoted
                && (INTRODUCING.contains(name) || syntax.modifiers().contains(name))) {
            replaces |= name.equals("replace");
            isInParentheses = name.equals("only") && scanner.isAtAnyOf("(") && scanner.skip();
            isQuoted = scanner.isAtQuotedIdentifier();
            name = scanner.identifier();
        }
        String schema = null;
        while (name != null && scanner.isAtAnyOf(".") && scanner.skip()) {
            schema = name;
            name = scanner.identifier();
        }
        if (isInParentheses && scanner.isAtAnyOf(")")) {
            scanner.skip();
        }
        return name == null ? null : new DmlText(schema, name, replaces, false);
    }
}
