package dev.commithooks.testing;

import dev.commithooks.engine.dialect.Dialect;
import dev.commithooks.engine.sql.Script;
import dev.commithooks.engine.sql.SqlScanner;
import dev.commithooks.engine.sql.TransactionControl;
import java.util.ArrayList;
import java.util.List;
import org.jooq.SQLDialect;
import org.jspecify.annotations.Nullable;

/** Texts of SQL, as far as transactions are concerned. */
final class SqlText {

    private static final Dialect POSTGRES = Dialect.of(SQLDialect.POSTGRES);

    /**
     * One statement of a text.
     *
     * @param sql the statement
     * @param control what it does to the transaction; null where it does nothing to it
     */
    record Piece(String sql, @Nullable TransactionControl control) {

        /** Whether it controls the transaction, or says how it is to be: that is not for the server. */
        boolean isVirtual() {
            return control != null || setsModes(sql);
        }

        /** Whether the word is in it, outside of the transaction's name. */
        boolean says(String word) {
            SqlScanner scanner = new SqlScanner(sql);
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
    static List<Piece> of(String sql) {
        if (Script.of(sql, POSTGRES).controls().isEmpty() && !setsModes(sql)) {
            return List.of();
        }
        List<Piece> pieces = new ArrayList<>();
        SqlScanner scanner = new SqlScanner(sql);
        int start = 0;
        boolean more;
        do {
            more = scanner.nextStatement();
            int end = more ? scanner.position() : sql.length();
            addPiece(pieces, sql.substring(start, end));
            start = end;
        } while (more);
        return List.copyOf(pieces);
    }

    private static void addPiece(List<Piece> pieces, String sql) {
        if (new SqlScanner(sql).isAtAnyOf(";") || !new SqlScanner(sql).skip()) {
            return; // blanks and comments alone
        }
        List<TransactionControl> controls = Script.of(sql, POSTGRES).controls();
        pieces.add(new Piece(sql, controls.isEmpty() ? null : controls.get(0)));
    }

    private static boolean setsModes(String sql) {
        SqlScanner scanner = new SqlScanner(sql);
        return scanner.keyword().equals("set") && scanner.keyword().equals("transaction");
    }

    /** The first word of the text, in lower case. */
    static String verb(String sql) {
        return new SqlScanner(sql).keyword();
    }

    /** Whether a statement may write, by its first word; what functions do in a SELECT is not seen. */
    static boolean mayWrite(String sql) {
        return switch (verb(sql)) {
            case "select", "show", "set", "values", "table", "explain", "reset", "fetch", "" -> false;
            default -> true;
        };
    }

    /** Whether a statement may make or drop a constraint. */
    static boolean mayChangeSchema(String sql) {
        return switch (verb(sql)) {
            case "create", "alter", "drop", "do", "call" -> true;
            default -> false;
        };
    }
}
