package dev.commithooks.engine.sql;

import org.jspecify.annotations.Nullable;

/** One database's way to write the statements that control transactions. Stateless. */
public interface Syntax {

    /** Its lexical rules. */
    Lexis lexis();

    /** What the statement that comes next does to the transaction; null if nothing. */
    @Nullable
    TransactionControl control(SqlScanner scanner);

    /** The name of a savepoint as the database knows it, whichever way it is written. */
    String savepointName(String identifier);

    /** Whether JDBC's savepoints without a name have none; else the driver gives them one that is nobody else's. */
    default boolean hasUnnamedSavepoints() {
        return true;
    }
}
