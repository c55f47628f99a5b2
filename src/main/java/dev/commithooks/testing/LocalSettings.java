package dev.commithooks.testing;

import dev.commithooks.engine.sql.Lexis;
import dev.commithooks.engine.sql.SqlScanner;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Settings that hold until the end of the transaction: {@code SET LOCAL} and {@code set_config(.., .., true)}. They survive the
 * release of a savepoint, so they are found in the texts of statements, and put back by hand.
 */
final class LocalSettings {

    private static final Pattern SET_CONFIG =
            Pattern.compile("set_config\\s*\\(\\s*(\\(?)\\s*'([^']+)'", Pattern.CASE_INSENSITIVE);

    private LocalSettings() {}

    /** Whether the text may have any. */
    static boolean isPossible(String sql) {
        String lower = sql.toLowerCase(Locale.ROOT);
        return lower.contains("set_config") || (lower.contains("set") && lower.contains("local"));
    }

    /** The names of those that a text sets; of a prepared statement, the text with its values filled in. */
    static Set<String> in(String sql) {
        Set<String> names = new LinkedHashSet<>();
        SqlScanner scanner = new SqlScanner(sql, Lexis.POSTGRES);
        do {
            if (scanner.keyword().equals("set") && scanner.keyword().equals("local")) {
                String name = name(scanner);
                if (name != null) {
                    names.add(name);
                }
            }
        } while (scanner.nextStatement());
        Matcher call = SET_CONFIG.matcher(sql);
        while (call.find()) {
            if (isLocal(sql, call.end(), call.group(1).isEmpty() ? 1 : 2)) {
                names.add(call.group(2));
            }
        }
        return names;
    }

    /** SQL that puts settings back. One that had no value is empty from then on, as after a real commit. */
    static String restoring(Map<String, @Nullable String> before) {
        StringBuilder sql = new StringBuilder();
        before.forEach((name, value) -> sql.append("select set_config(")
                .append(quoted(name))
                .append(", ")
                .append(quoted(value == null ? "" : value))
                .append(", true); "));
        return sql.toString();
    }

    private static String quoted(String value) {
        return "'" + value.replace("'", "''") + "'";
    }

    private static @Nullable String name(SqlScanner scanner) {
        String first = scanner.identifier();
        if (first == null) {
            return null;
        }
        return switch (first) {
            case "time" -> "TimeZone";
            case "session" -> "session_authorization";
            case "schema" -> "search_path";
            case "names" -> "client_encoding";
            default -> qualified(first, scanner);
        };
    }

    private static String qualified(String first, SqlScanner scanner) {
        StringBuilder name = new StringBuilder(first);
        while (scanner.isAtAnyOf(".")) {
            scanner.skip();
            name.append('.').append(scanner.identifier());
        }
        return name.toString();
    }

    /** Whether the last argument of the call is true; drivers put values into parentheses. */
    private static boolean isLocal(String sql, int from, int parentheses) {
        int depth = parentheses;
        int lastComma = from;
        boolean quoted = false;
        for (int at = from; at < sql.length() && depth > 0; at++) {
            char c = sql.charAt(at);
            if (c == '\'') {
                quoted = !quoted;
            } else if (!quoted) {
                depth += c == '(' ? 1 : c == ')' ? -1 : 0;
                lastComma = c == ',' && depth == 1 ? at : lastComma;
            }
        }
        String last =
                sql.substring(lastComma + 1).replaceAll("[^\\p{Alnum}]", "").toLowerCase(Locale.ROOT);
        return last.startsWith("t") || last.startsWith("1") || last.startsWith("on") || last.startsWith("y");
    }
}
