package dev.commithooks.engine.sql;

/** What characters mean in a text of SQL. */
public final class Letters {

    private Letters() {}

    /** ASCII only, as PostgreSQL does it in any encoding of more than one byte. */
    public static String lowerCase(String word) {
        StringBuilder folded = null;
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                folded = folded == null ? new StringBuilder(word) : folded;
                folded.setCharAt(i, (char) (c + ('a' - 'A')));
            }
        }
        return folded == null ? word : folded.toString();
    }

    /** Everything beyond ASCII is a letter, blanks included. */
    static boolean isWordPart(char c) {
        return c == '_' || c == '$' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c > 127;
    }

    /** Whether a word that is an E alone ends before this place: it makes an escape string of a quotation. */
    static boolean isAfterLoneE(String sql, int at) {
        return at > 0
                && Character.toLowerCase(sql.charAt(at - 1)) == 'e'
                && (at == 1 || !isWordPart(sql.charAt(at - 2)));
    }

    /** The blanks of SQL. */
    static boolean isBlank(char c) {
        return c == ' ' || c >= '\t' && c <= '\r';
    }
}
