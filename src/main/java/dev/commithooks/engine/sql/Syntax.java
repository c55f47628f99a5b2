package dev.commithooks.engine.sql;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One database's way to write the statements that control transactions. Stateless. */
public interface Syntax {

    /** Its lexical rules. */
    Lexis lexis();

    /** What the statement that comes next does to the transaction; null if nothing. */
    @Nullable
    TransactionControl control(SqlScanner scanner);

    /**
     * Whether the statement that comes next may execute others that its text does not show, or not at its beginning, and these may
     * end the transaction and begin another.
     */
    default boolean executesOthers(SqlScanner statement) {
        return false;
    }

    /** Whether the driver may execute the first statement of a text only, and say nothing of the others. */
    default boolean mayIgnoreAllButFirst() {
        return false;
    }

    /** The words that may stand between a statement's verb and its table, INTO and FROM aside. */
    default Set<String> modifiers() {
        return Set.of();
    }

    /** Whether a query may read the rows that a statement inside of it writes: {@code SELECT ... FROM FINAL TABLE (INSERT ...)}. */
    default boolean hasDeltaTables() {
        return false;
    }

    /**
     * The name of a savepoint, as far as its text tells by what name the database knows it.
     *
     * @param isQuoted whether its letters are kept as they are
     * @return null if the text does not tell
     */
    @Nullable
    String savepointName(String identifier, boolean isQuoted);

    /** Whether JDBC's savepoints without a name have none; else the driver gives them one that is nobody else's. */
    default boolean hasUnnamedSavepoints() {
        return true;
    }
}
