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
 */
record DmlText(@Nullable String schema, String table, boolean replaces) {

    private static final Set<String> WRITING = Set.of("insert", "update", "delete", "merge", "truncate", "replace");
    private static final Set<String> INTRODUCING = Set.of("into", "from", "table", "only");
    private static final Set<String> VERBS = Set.of("insert", "update", "delete", "merge", "select");

    /** The tables that the statements name as theirs to write. */
    static List<DmlText> of(String sql, Syntax syntax) {
        List<DmlText> found = new ArrayList<>();
        SqlScanner scanner = new SqlScanner(sql, syntax.lexis());
        do {
            addStatement(scanner, syntax, found);
        } while (scanner.nextStatement());
        return found;
    }

    private static void addStatement(SqlScanner scanner, Syntax syntax, List<DmlText> into) {
        String verb = scanner.keyword();
        if (verb.equals("with")) {
            verb = verbAfterCommonTableExpressions(scanner);
        }
        if (!WRITING.contains(verb)) {
            return;
        }
        do {
            DmlText target = target(scanner, syntax);
            if (target != null) {
                into.add(target);
            }
        } while (verb.equals("truncate") && scanner.isAtAnyOf(",") && scanner.skip());
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
        String name = scanner.identifier();
        boolean replaces = false;
        while (name != null && (INTRODUCING.contains(name) || syntax.modifiers().contains(name))) {
            replaces |= name.equals("replace");
            name = scanner.identifier();
        }
        String schema = null;
        while (name != null && scanner.isAtAnyOf(".") && scanner.skip()) {
            schema = name;
            name = scanner.identifier();
        }
        return name == null ? null : new DmlText(schema, name, replaces);
    }
}
