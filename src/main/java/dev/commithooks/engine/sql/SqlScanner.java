package dev.commithooks.engine.sql;

import org.jspecify.annotations.Nullable;

/** Walks over a text of SQL statements by PostgreSQL's lexical rules, as far as is needed to find where each begins. */
public final class SqlScanner {

    private final String sql;
    private int at;

    /** A walk from the beginning of the text. */
    public SqlScanner(String sql) {
        this.sql = sql;
    }

    /** The next word, in lower case; empty where something else comes next. */
    public String keyword() {
        skipBlanks();
        int start = at;
        // A dollar sign begins no word: it may begin a quotation.
        while (at < sql.length() && isWordPart(sql.charAt(at)) && (at > start || sql.charAt(at) != '$')) {
            at++;
        }
        return lowerCase(sql.substring(start, at));
    }

    /** Whether the next character is one of these letters. */
    public boolean isAtAnyOf(String letters) {
        skipBlanks();
        return at < sql.length() && letters.indexOf(sql.charAt(at)) >= 0;
    }

    /** Whether anything comes before the next semicolon. */
    boolean isAtStatement() {
        skipBlanks();
        return at < sql.length() && sql.charAt(at) != ';';
    }

    /** The next identifier, folded and cut as PostgreSQL does it; null where something else comes next. */
    public @Nullable String identifier() {
        skipBlanks();
        if (sql.regionMatches(true, at, "u&\"", 0, 3)) {
            at += 2;
            String quoted = quoted();
            return TransactionControl.clip(UnicodeEscapes.decode(quoted, escapeCharacter()));
        }
        if (at < sql.length() && sql.charAt(at) == '"') {
            return TransactionControl.clip(quoted());
        }
        String word = keyword();
        return word.isEmpty() ? null : TransactionControl.clip(word);
    }

    private String quoted() {
        int start = at + 1;
        skipQuoted('"', false);
        return sql.substring(start, Math.max(start, at - 1)).replace("\"\"", "\"");
    }

    /** The one that a {@code UESCAPE} clause names, if one comes next. */
    private char escapeCharacter() {
        int before = at;
        if (keyword().equals("uescape")) {
            skipBlanks();
            if (sql.startsWith("'", at) && sql.startsWith("'", at + 2)) {
                at += 3;
                return sql.charAt(at - 2);
            }
        }
        at = before;
        return '\\';
    }

    /** Goes past the next semicolon that ends a statement. False at the end of the text. */
    public boolean nextStatement() {
        if (sql.indexOf(';', at) < 0) {
            return false;
        }
        while (at < sql.length()) {
            if (sql.charAt(at) == ';') {
                at++;
                return true;
            }
            skipToken();
        }
        return false;
    }

    /** The place of the walk: between the characters of the text before and after this one. */
    public int position() {
        return at;
    }

    /** Goes to the end of a statement that may have a body, BEGIN ATOMIC to END; of such a one, to the end of the text. */
    void skipStatementWithBody() {
        String before = "";
        while (at < sql.length() && sql.charAt(at) != ';') {
            String word = keyword();
            if (word.equals("atomic") && before.equals("begin")) {
                at = sql.length();
            } else if (word.isEmpty() && at < sql.length() && sql.charAt(at) != ';') {
                skipToken();
            }
            before = word;
        }
    }

    /** Goes past the next word, quotation, comment or other character. False at the end of the text. */
    public boolean skip() {
        skipBlanks();
        if (at >= sql.length()) {
            return false;
        }
        skipToken();
        return true;
    }

    private void skipToken() {
        int before = at;
        skipBlanks();
        if (at > before) {
            return;
        }
        char c = sql.charAt(at);
        switch (c) {
            case '\'' -> skipQuoted('\'', isEscapeString());
            case '"' -> skipQuoted('"', false);
            case '$' -> skipDollarQuoted();
            default -> {
                at++;
                // A dollar sign inside a word begins no quotation.
                while (isWordPart(c) && at < sql.length() && isWordPart(sql.charAt(at))) {
                    at++;
                }
            }
        }
    }

    private boolean isEscapeString() {
        if (at == 0 || Character.toLowerCase(sql.charAt(at - 1)) != 'e') {
            return false;
        }
        return at == 1 || !isWordPart(sql.charAt(at - 2));
    }

    private void skipQuoted(char quote, boolean backslashes) {
        at++;
        while (at < sql.length()) {
            char c = sql.charAt(at++);
            if (c == '\\' && backslashes) {
                at++;
            } else if (c == quote) {
                if (at >= sql.length() || sql.charAt(at) != quote) {
                    return;
                }
                at++;
            }
        }
        at = sql.length();
    }

    private void skipDollarQuoted() {
        int tagEnd = at + 1;
        while (tagEnd < sql.length() && isWordPart(sql.charAt(tagEnd)) && sql.charAt(tagEnd) != '$') {
            tagEnd++;
        }
        boolean tagged = tagEnd < sql.length() && sql.charAt(tagEnd) == '$' && !Character.isDigit(sql.charAt(at + 1));
        if (!tagged) {
            at++;
            return;
        }
        String tag = sql.substring(at, tagEnd + 1);
        int end = sql.indexOf(tag, tagEnd + 1);
        at = end < 0 ? sql.length() : end + tag.length();
    }

    private void skipBlanks() {
        while (at < sql.length()) {
            if (isBlank(sql.charAt(at))) {
                at++;
            } else if (sql.startsWith("--", at)) {
                int end = sql.indexOf('\n', at);
                at = end < 0 ? sql.length() : end + 1;
            } else if (sql.startsWith("/*", at)) {
                skipComment();
            } else {
                return;
            }
        }
    }

    /** PostgreSQL's comments nest. */
    private void skipComment() {
        int depth = 0;
        do {
            if (sql.startsWith("/*", at)) {
                depth++;
                at += 2;
            } else if (sql.startsWith("*/", at)) {
                depth--;
                at += 2;
            } else {
                at++;
            }
        } while (depth > 0 && at < sql.length());
    }

    /** PostgreSQL folds ASCII only, in any encoding of more than one byte. */
    private static String lowerCase(String word) {
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

    /** To PostgreSQL everything beyond ASCII is a letter, blanks included. */
    private static boolean isWordPart(char c) {
        return c == '_' || c == '$' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c > 127;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c >= '\t' && c <= '\r';
    }
}
