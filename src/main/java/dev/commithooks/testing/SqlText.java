package dev.commithooks.testing;

import dev.commithooks.engine.sql.Lexis;
import dev.commithooks.engine.sql.Script;
import dev.commithooks.engine.sql.SqlScanner;
import dev.commithooks.engine.sql.Syntax;
import dev.commithooks.engine.sql.TransactionControl;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Texts of SQL, as far as transactions are concerned. */
final class SqlText {

    /** A query of the rows that a statement within it writes, H2's RETURNING. */
    private static final Pattern DATA_CHANGE_DELTA =
            Pattern.compile("\\b(final|new|old)\\s+table\\s*\\(", Pattern.CASE_INSENSITIVE);

    /**
     * One statement of a text.
     *
     * @param sql the statement
     * @param control what it does to the transaction; null where it does nothing to it
     * @param lexis the rules that it is written by
     */
    record Piece(String sql, @Nullable TransactionControl control, Lexis lexis) {

        /** Whether it controls the transaction, or says how it is to be: that is not for the server. */
        boolean isVirtual() {
            return control != null || setsModes(sql, lexis);
        }

        /** Whether the word is in it, outside of the transaction's name. */
        boolean says(String word) {
            SqlScanner scanner = new SqlScanner(sql, lexis);
            do {
                if (scanner.keyword().equals(word)) {
                    return true;
                }
            } while (scanner.skip());
            return false;
        }
    }

    private SqlText() {}

    /** The statements of a text of which at least one is virtual; else nothing. */
    static List<Piece> of(String sql, Syntax syntax) {
        if (Script.of(sql, syntax).controls().isEmpty() && !setsModes(sql, syntax.lexis())) {
            return List.of();
        }
        List<Piece> pieces = new ArrayList<>();
        for (String statement : split(sql, syntax)) {
            List<TransactionControl> controls = Script.of(statement, syntax).controls();
            pieces.add(new Piece(statement, controls.isEmpty() ? null : controls.get(0), syntax.lexis()));
        }
        return List.copyOf(pieces);
    }

    /** The statements of a text, without the semicolons between them. */
    static List<String> split(String sql, Syntax syntax) {
        List<String> statements = new ArrayList<>();
        SqlScanner scanner = new SqlScanner(sql, syntax.lexis());
        int start = 0;
        boolean more;
        do {
            more = scanner.nextStatement();
            int end = more ? scanner.position() - 1 : sql.length();
            String statement = sql.substring(start, end).strip();
            if (new SqlScanner(statement, syntax.lexis()).skip()) { // not blanks and comments alone
                statements.add(statement);
            }
            start = end + 1;
        } while (more);
        return statements;
    }

    private static boolean setsModes(String sql, Lexis lexis) {
        SqlScanner scanner = new SqlScanner(sql, lexis);
        return scanner.keyword().equals("set") && scanner.keyword().equals("transaction");
    }

    /** The first word of the text, in lower case. */
    private static String verb(String sql, Lexis lexis) {
        return new SqlScanner(sql, lexis).keyword();
    }

    /** Whether a statement may write, by its first words; what functions do in a SELECT is not seen. */
    static boolean mayWrite(String sql, Lexis lexis) {
        return switch (verb(sql, lexis)) {
            case "select" -> DATA_CHANGE_DELTA.matcher(sql).find();
            case "show", "set", "values", "table", "explain", "reset", "fetch", "" -> false;
            default -> true;
        };
    }

    /** Whether a statement may make or drop a constraint. */
    static boolean mayChangeSchema(String sql, Lexis lexis) {
        return switch (verb(sql, lexis)) {
            case "create", "alter", "drop", "do", "call" -> true;
            default -> false;
        };
    }
}
