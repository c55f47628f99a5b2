package dev.commithooks.engine.sql;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A statement that controls the transaction, recognised by its text: jOOQ's own {@code dsl.commit()} and the like, and plain
 * SQL. Two-phase statements about another transaction ({@code COMMIT PREPARED}) are none.
 *
 * @param kind what it does
 * @param savepoint the savepoint's name as PostgreSQL understands it; null unless the kind is about one, or if it is spelled in a
 *     way that is not understood here
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
        ROLLBACK_TO,
        /** Several statements that failed, of which some end the transaction: how far they came is not known. */
        UNCLEAR,
        /** Several statements that failed, of which some are about savepoints. */
        UNCLEAR_SAVEPOINTS
    }

    /** PostgreSQL cuts identifiers to NAMEDATALEN - 1 bytes. */
    private static final int MAX_NAME_BYTES = 63;

    /** Of the words looked for; most statements begin with another. */
    private static final String FIRST_LETTERS = "abceprsABCEPRS";

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

    /** What the statement that comes next does to the transaction; null if nothing. */
    static @Nullable TransactionControl next(SqlScanner scanner) {
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
            case "savepoint" -> new TransactionControl(Kind.SAVEPOINT, scanner.identifier());
            case "release" -> new TransactionControl(Kind.RELEASE, savepointName(scanner));
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
            case "to" -> new TransactionControl(Kind.ROLLBACK_TO, savepointName(scanner));
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

    /** Whether no transaction of before is open afterwards. */
    public boolean endsTransaction() {
        return kind == Kind.COMMIT || kind == Kind.ROLLBACK || kind == Kind.PREPARE;
    }

    /** Whether it sets, releases or rolls back to a savepoint. */
    public boolean isAboutSavepoint() {
        return kind == Kind.SAVEPOINT || kind == Kind.RELEASE || kind == Kind.ROLLBACK_TO;
    }

    static TransactionControl of(Kind kind) {
        return new TransactionControl(kind, null);
    }

    /** An identifier as PostgreSQL cuts it. */
    public static String clip(String identifier) {
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
