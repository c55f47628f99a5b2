package dev.commithooks.engine.connection;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jooq.ExecuteContext;
import org.jspecify.annotations.Nullable;

/**
 * A statement that controls the transaction, recognised by its text: jOOQ's own {@code dsl.commit()} and the like, and plain
 * SQL. Two-phase statements about another transaction ({@code COMMIT PREPARED}) are none.
 *
 * @param kind what it does
 * @param savepoint the savepoint's name as PostgreSQL understands it; null unless the kind is about one
 */
public record TransactionControl(Kind kind, @Nullable String savepoint) {

    /** What a statement does to the transaction. */
    public enum Kind {
        /** {@code BEGIN}, {@code START TRANSACTION}: in an open transaction only a warning. */
        BEGIN,
        /** {@code COMMIT}, {@code END}, with or without {@code AND CHAIN}. */
        COMMIT,
        /** {@code ROLLBACK}, {@code ABORT}, with or without {@code AND CHAIN}. */
        ROLLBACK,
        /** {@code PREPARE TRANSACTION}: the transaction leaves the session, undecided. */
        PREPARE,
        /** {@code SAVEPOINT}. */
        SAVEPOINT,
        /** {@code RELEASE}. */
        RELEASE,
        /** {@code ROLLBACK TO}. */
        ROLLBACK_TO
    }

    /** PostgreSQL cuts identifiers to NAMEDATALEN - 1 bytes. */
    private static final int MAX_NAME_BYTES = 63;

    /** Of the words looked for; most statements begin with another. */
    private static final String FIRST_LETTERS = "abceprsABCEPRS";

    /** What a jOOQ execution does to the transaction, in order; a batch or a text of several statements may do several things. */
    public static List<TransactionControl> in(ExecuteContext ctx) {
        String sql = ctx.sql();
        if (sql != null) {
            return in(sql);
        }
        List<TransactionControl> all = List.of();
        for (String batched : ctx.batchSQL()) {
            if (batched != null) {
                all = concat(all, in(batched));
            }
        }
        return all;
    }

    /** Whether the text may do anything to the transaction: a single statement that reads or writes rows does not. */
    static boolean isPossible(String sql) {
        if (sql.isEmpty()) {
            return false;
        }
        boolean isAboutRows = switch (sql.charAt(0)) {
            case 's' -> sql.startsWith("select");
            case 'i' -> sql.startsWith("insert");
            case 'u' -> sql.startsWith("update");
            case 'd' -> sql.startsWith("delete");
            case 'w' -> sql.startsWith("with");
            default -> false;
        };
        return !isAboutRows || sql.indexOf(';') >= 0;
    }

    /** What a text of one or more statements does to the transaction, in order. */
    public static List<TransactionControl> in(String sql) {
        SqlScanner scanner = new SqlScanner(sql);
        List<TransactionControl> all = List.of();
        do {
            TransactionControl control = statement(scanner);
            if (control != null) {
                all = concat(all, List.of(control));
            }
        } while (scanner.nextStatement());
        return all;
    }

    private static List<TransactionControl> concat(List<TransactionControl> first, List<TransactionControl> second) {
        if (first.isEmpty() || second.isEmpty()) {
            return first.isEmpty() ? second : first;
        }
        List<TransactionControl> both = new ArrayList<>(first);
        both.addAll(second);
        return both;
    }

    private static @Nullable TransactionControl statement(SqlScanner scanner) {
        if (!scanner.isAtAnyOf(FIRST_LETTERS)) {
            return null;
        }
        return switch (scanner.keyword()) {
            case "begin" -> of(Kind.BEGIN);
            case "start" -> scanner.keyword().equals("transaction") ? of(Kind.BEGIN) : null;
            case "commit", "end" -> scanner.keyword().equals("prepared") ? null : of(Kind.COMMIT);
            case "abort" -> of(Kind.ROLLBACK);
            case "rollback" -> rollback(scanner);
            case "prepare" -> scanner.keyword().equals("transaction") ? of(Kind.PREPARE) : null;
            case "savepoint" -> about(Kind.SAVEPOINT, scanner.identifier());
            case "release" -> about(Kind.RELEASE, savepointName(scanner));
            case "create" -> {
                // The body of a function in standard SQL has statements of its own, and ends with END.
                scanner.skipStatementWithBody();
                yield null;
            }
            default -> null;
        };
    }

    private static @Nullable TransactionControl rollback(SqlScanner scanner) {
        String word = scanner.keyword();
        if (word.equals("work") || word.equals("transaction")) {
            word = scanner.keyword();
        }
        return switch (word) {
            case "prepared" -> null;
            case "to" -> about(Kind.ROLLBACK_TO, savepointName(scanner));
            default -> of(Kind.ROLLBACK);
        };
    }

    /** The keyword is optional, and not reserved: {@code RELEASE savepoint} releases one of that name. */
    private static @Nullable String savepointName(SqlScanner scanner) {
        String first = scanner.identifier();
        if (!"savepoint".equals(first)) {
            return first;
        }
        String second = scanner.identifier();
        return second == null ? first : second;
    }

    private static TransactionControl of(Kind kind) {
        return new TransactionControl(kind, null);
    }

    private static @Nullable TransactionControl about(Kind kind, @Nullable String savepoint) {
        return savepoint == null ? null : new TransactionControl(kind, savepoint);
    }

    /** An identifier as PostgreSQL cuts it. */
    static String clip(String identifier) {
        if (identifier.length() <= MAX_NAME_BYTES / 3) {
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
}
