package dev.commithooks.engine.dialect;

import java.sql.SQLException;

/** Something that tells a transaction from the next one, where a statement may have ended it and begun another. */
public interface Guard {

    /**
     * Looks whether the transaction is still the same.
     *
     * @throws SQLException if it is another one, or nobody knows
     */
    void requireSameTransaction() throws SQLException;
}
