package dev.commithooks.engine.sql;

import org.jspecify.annotations.Nullable;

/**
 * A statement that controls the transaction, recognised by its text: jOOQ's own {@code dsl.commit()} and the like, and plain
 * SQL. Two-phase statements about another transaction ({@code COMMIT PREPARED}) are none.
 *
 * @param kind what it does
 * @param savepoint the savepoint's name as the database understands it; null unless the kind is about one, or if it is spelled in a
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
        /** {@code BEGIN} of a database where it commits the transaction first, and begins another one. */
        BEGIN_ANEW,
        /** A statement about something else, DDL mostly, that commits the transaction first, in most databases even if it fails. */
        IMPLICIT_COMMIT,
        /** Several statements that failed, of which some end the transaction: how far they came is not known. */
        UNCLEAR,
        /** Several statements that failed, of which some are about savepoints. */
        UNCLEAR_SAVEPOINTS
    }

    /** The savepoint, as it is known: by its name, or, where that is not understood, by this statement alone. */
    public Object identity() {
        return savepoint == null ? this : savepoint;
    }

    /** Whether the text may do anything to the transaction: a single statement that reads or writes rows does not. */
    public static boolean isPossible(String sql) {
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

    /** Whether no transaction of before is open afterwards. */
    public boolean endsTransaction() {
        return switch (kind) {
            case COMMIT, ROLLBACK, PREPARE, BEGIN_ANEW, IMPLICIT_COMMIT -> true;
            case BEGIN, SAVEPOINT, RELEASE, ROLLBACK_TO, UNCLEAR, UNCLEAR_SAVEPOINTS -> false;
        };
    }

    /** Whether it sets, releases or rolls back to a savepoint. */
    public boolean isAboutSavepoint() {
        return kind == Kind.SAVEPOINT || kind == Kind.RELEASE || kind == Kind.ROLLBACK_TO;
    }

    /** A statement that is about no savepoint. */
    public static TransactionControl of(Kind kind) {
        return new TransactionControl(kind, null);
    }
}
