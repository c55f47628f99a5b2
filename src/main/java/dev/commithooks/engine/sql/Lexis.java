package dev.commithooks.engine.sql;

import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The lexical rules of one database's SQL. Immutable. */
public final class Lexis {

    /** PostgreSQL's. */
    public static final Lexis POSTGRES = of(List.of(
            Rule.DOLLAR_QUOTES, Rule.ESCAPE_STRINGS, Rule.UNICODE_ESCAPES, Rule.NESTED_COMMENTS, Rule.NAMES_ARE_CUT));

    /** PostgreSQL cuts identifiers to NAMEDATALEN - 1 bytes. */
    private static final int MAX_NAME_BYTES = 63;

    /** A rule that not all databases have. */
    public enum Rule {
        /** Identifiers between backticks. */
        BACKTICKS,
        /** Identifiers between square brackets. */
        BRACKETS,
        /** A backslash in a string escapes the next character, be it a quote. */
        BACKSLASHES,
        /** The same in {@code E'...'} only. */
        ESCAPE_STRINGS,
        /** Strings between {@code $$} or {@code $tag$}. */
        DOLLAR_QUOTES,
        /** Identifiers like {@code U&"..."}. */
        UNICODE_ESCAPES,
        /** Comments within comments. */
        NESTED_COMMENTS,
        /** Comments from {@code #} to the end of the line. */
        HASH_COMMENTS,
        /** Comments from {@code //} to the end of the line. */
        SLASH_COMMENTS,
        /** Two dashes begin a comment only before a blank. */
        BLANK_AFTER_DASHES,
        /** What stands between {@code /*!} and its end is executed. */
        EXECUTED_COMMENTS,
        /** Identifiers are cut to 63 bytes. */
        NAMES_ARE_CUT
    }

    private final Set<Rule> rules;

    private Lexis(Set<Rule> rules) {
        this.rules = rules;
    }

    /** The standard's rules and these. */
    public static Lexis of(List<Rule> rules) {
        return new Lexis(rules.isEmpty() ? Set.of() : EnumSet.copyOf(rules));
    }

    /** How a text is read if a backslash escapes nothing after all, as a mode of the session's may say; null if that is no difference. */
    @Nullable
    Lexis withoutBackslashes() {
        if (!has(Rule.BACKSLASHES)) {
            return null;
        }
        Set<Rule> others = EnumSet.copyOf(rules);
        others.remove(Rule.BACKSLASHES);
        return new Lexis(others);
    }

    boolean has(Rule rule) {
        return rules.contains(rule);
    }

    /** An identifier as the database cuts it. */
    public String cut(String identifier) {
        if (identifier.length() <= MAX_NAME_BYTES / 3 || !has(Rule.NAMES_ARE_CUT)) {
            return identifier;
        }
        byte[] bytes = identifier.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= MAX_NAME_BYTES) {
            return identifier;
        }
        int end = MAX_NAME_BYTES;
        while ((bytes[end] & 0xC0) == 0x80) {
            end--;
        }
        return new String(bytes, 0, end, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return rules.toString();
    }
}
