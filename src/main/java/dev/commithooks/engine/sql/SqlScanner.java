package dev.commithooks.engine.sql;

import static dev.commithooks.engine.sql.Lexis.Rule.BACKSLASHES;
import static dev.commithooks.engine.sql.Lexis.Rule.BACKTICKS;
import static dev.commithooks.engine.sql.Lexis.Rule.BLANK_AFTER_DASHES;
import static dev.commithooks.engine.sql.Lexis.Rule.BRACKETS;
import static dev.commithooks.engine.sql.Lexis.Rule.DOLLAR_QUOTES;
import static dev.commithooks.engine.sql.Lexis.Rule.ESCAPE_STRINGS;
import static dev.commithooks.engine.sql.Lexis.Rule.EXECUTED_COMMENTS;
import static dev.commithooks.engine.sql.Lexis.Rule.HASH_COMMENTS;
import static dev.commithooks.engine.sql.Lexis.Rule.NESTED_COMMENTS;
import static dev.commithooks.engine.sql.Lexis.Rule.SLASH_COMMENTS;
import static dev.commithooks.engine.sql.Lexis.Rule.UNICODE_ESCAPES;

import dev.commithooks.engine.sql.Lexis.Rule;
import org.jspecify.annotations.Nullable;

/** Walks over a text of SQL statements by a database's lexical rules, as far as is needed to find where each begins. */
public final class SqlScanner {

    private final String sql;
    private final Lexis lexis;
    private int at;
    /** Whether the walk is within a comment that is executed, so that its end is to come. */
    private boolean isInExecutedComment;

    /** A walk from the beginning of the text. */
    public SqlScanner(String sql, Lexis lexis) {
        this.sql = sql;
        this.lexis = lexis;
    }

    /** The next word, in lower case; empty where something else comes next. */
    public String keyword() {
        return Letters.lowerCase(word());
    }

    /** The next word, as it is written. */
    private String word() {
        skipBlanks();
        int start = at;
        // A dollar sign begins no word: it may begin a quotation.
        while (at < sql.length() && Letters.isWordPart(sql.charAt(at)) && (at > start || sql.charAt(at) != '$')) {
            at++;
        }
        return sql.substring(start, at);
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

    /** The next identifier: a word in lower case, a quoted one as it is, both as the database cuts it; null where something else comes next. */
    public @Nullable String identifier() {
        boolean isWord = !isAtQuotedIdentifier();
        String identifier = identifierAsWritten();
        return identifier != null && isWord ? Letters.lowerCase(identifier) : identifier;
    }

    /** The next identifier, a word with its letters as they are written. */
    public @Nullable String identifierAsWritten() {
        skipBlanks();
        if (lexis.has(UNICODE_ESCAPES) && sql.regionMatches(true, at, "u&\"", 0, 3)) {
            at += 2;
            String quoted = quoted();
            return lexis.cut(UnicodeEscapes.decode(quoted, escapeCharacter()));
        }
        if (isAtQuotedIdentifier()) {
            return lexis.cut(quoted());
        }
        String word = word();
        return word.isEmpty() ? null : lexis.cut(word);
    }

    /** Whether the next identifier is a quoted one, which keeps its letters as they are. */
    public boolean isAtQuotedIdentifier() {
        skipBlanks();
        if (at >= sql.length()) {
            return false;
        }
        return switch (sql.charAt(at)) {
            case '"' -> true;
            case '`' -> lexis.has(BACKTICKS);
            case '[' -> lexis.has(BRACKETS);
            case 'u', 'U' -> lexis.has(UNICODE_ESCAPES) && sql.startsWith("&\"", at + 1);
            default -> false;
        };
    }

    private String quoted() {
        int start = at + 1;
        char quote = sql.charAt(at) == '[' ? ']' : sql.charAt(at);
        skipQuoted(quote, false);
        String mark = String.valueOf(quote);
        return sql.substring(start, Math.max(start, at - 1)).replace(mark + mark, mark);
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
    public void skipStatementWithBody() {
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

    /** Goes to the end of the text: the rest of it is a body with statements of its own. */
    public void skipAll() {
        at = sql.length();
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
        switch (sql.charAt(at)) {
            case '\'' ->
                skipQuoted('\'', lexis.has(BACKSLASHES) || lexis.has(ESCAPE_STRINGS) && Letters.isAfterLoneE(sql, at));
            case '"' -> skipQuoted('"', lexis.has(BACKSLASHES));
            case '$' -> skipDollarQuoted();
            case '`' -> skipQuotedIf(BACKTICKS, '`');
            case '[' -> skipQuotedIf(BRACKETS, ']');
            default -> skipWord();
        }
    }

    /** A dollar sign inside a word begins no quotation. */
    private void skipWord() {
        char first = sql.charAt(at++);
        while (Letters.isWordPart(first) && at < sql.length() && Letters.isWordPart(sql.charAt(at))) {
            at++;
        }
    }

    private void skipQuotedIf(Rule rule, char quote) {
        if (lexis.has(rule)) {
            skipQuoted(quote, false);
        } else {
            at++;
        }
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
        if (!lexis.has(DOLLAR_QUOTES)) {
            at++;
            return;
        }
        int tagEnd = at + 1;
        while (tagEnd < sql.length() && Letters.isWordPart(sql.charAt(tagEnd)) && sql.charAt(tagEnd) != '$') {
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
            if (Letters.isBlank(sql.charAt(at))) {
                at++;
            } else if (isAtLineComment()) {
                int end = sql.indexOf('\n', at);
                at = end < 0 ? sql.length() : end + 1;
            } else if (isAtMarkOfExecutedComment()) {
                skipMarkOfExecutedComment();
            } else if (sql.startsWith("/*", at)) {
                skipComment();
            } else {
                return;
            }
        }
    }

    private boolean isAtLineComment() {
        return switch (sql.charAt(at)) {
            case '-' ->
                sql.startsWith("--", at)
                        && (!lexis.has(BLANK_AFTER_DASHES)
                                || at + 2 >= sql.length()
                                || Letters.isBlank(sql.charAt(at + 2)));
            case '#' -> lexis.has(HASH_COMMENTS);
            case '/' -> lexis.has(SLASH_COMMENTS) && sql.startsWith("//", at);
            default -> false;
        };
    }

    /** What stands in such a comment is executed, so that only its marks are blanks. */
    private boolean isAtMarkOfExecutedComment() {
        return isInExecutedComment
                ? sql.startsWith("*/", at)
                : lexis.has(EXECUTED_COMMENTS) && (sql.startsWith("/*!", at) || sql.startsWith("/*M!", at));
    }

    private void skipMarkOfExecutedComment() {
        isInExecutedComment = !isInExecutedComment;
        if (!isInExecutedComment) {
            at += 2;
            return;
        }
        at = sql.indexOf('!', at) + 1;
        while (at < sql.length() && Character.isDigit(sql.charAt(at))) {
            at++;
        }
    }

    private void skipComment() {
        int depth = 0;
        do {
            if (sql.startsWith("/*", at) && (depth == 0 || lexis.has(NESTED_COMMENTS))) {
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
}
