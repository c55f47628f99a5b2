package dev.commithooks.testing;

import dev.commithooks.transaction.IsolationLevel;
import java.sql.Connection;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Isolation levels, as JDBC numbers them, in SQL. */
final class Isolation {

    private static final Pattern LEVEL = Pattern.compile(
            "isolation\\s+level\\s+(read\\s+uncommitted|read\\s+committed|repeatable\\s+read|serializable)",
            Pattern.CASE_INSENSITIVE);

    private Isolation() {}

    /** The level that a text asks for. */
    static Optional<Integer> in(String sql) {
        Matcher found = LEVEL.matcher(sql);
        return found.find()
                ? Optional.of(number(found.group(1).replaceAll("\\s+", "_").toUpperCase(Locale.ROOT)))
                : Optional.empty();
    }

    static int number(IsolationLevel level) {
        return number(level.name());
    }

    private static int number(String name) {
        return switch (name) {
            case "READ_UNCOMMITTED" -> Connection.TRANSACTION_READ_UNCOMMITTED;
            case "REPEATABLE_READ" -> Connection.TRANSACTION_REPEATABLE_READ;
            case "SERIALIZABLE" -> Connection.TRANSACTION_SERIALIZABLE;
            default -> Connection.TRANSACTION_READ_COMMITTED;
        };
    }

    static String sql(int level) {
        return switch (level) {
            case Connection.TRANSACTION_READ_UNCOMMITTED -> "read uncommitted";
            case Connection.TRANSACTION_REPEATABLE_READ -> "repeatable read";
            case Connection.TRANSACTION_SERIALIZABLE -> "serializable";
            default -> "read committed";
        };
    }

    /** Whether the two are the same to PostgreSQL, which has no READ UNCOMMITTED. */
    static boolean same(int a, int b) {
        return a == b || (a <= Connection.TRANSACTION_READ_COMMITTED && b <= Connection.TRANSACTION_READ_COMMITTED);
    }
}
