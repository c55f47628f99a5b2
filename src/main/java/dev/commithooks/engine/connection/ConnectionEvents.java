package dev.commithooks.engine.connection;

import dev.commithooks.engine.dialect.Dialect;
import dev.commithooks.engine.sql.TransactionControl;
import java.sql.SQLException;

/**
 * What happens on the connection of a transaction, whoever causes it. Called on the thread that used the connection.
 */
public interface ConnectionEvents {

    /** The ways of the connection's database. */
    Dialect dialect();

    /** Whether the transaction begins and ends on this connection, and not past it. */
    boolean hearsOfTheEnd();

    /** {@code Connection.commit()} is about to be called. A throw prevents it. */
    void committing() throws SQLException;

    /** {@code Connection.commit()} has returned. */
    void committed();

    /**
     * {@code Connection.commit()} has thrown.
     *
     * @param isRolledBack whether the transaction was open still, and has been rolled back
     */
    void commitFailed(Throwable failure, boolean isRolledBack);

    /** {@code Connection.rollback()} has returned. */
    void rolledBack();

    /** {@code setAutoCommit(true)} has returned, on a connection whose autocommit was off: JDBC commits by it. */
    void autoCommitSwitchedOn();

    /** A statement that controls the transaction was executed, through jOOQ or not. */
    void executed(TransactionControl control);

    /** A statement's failure has taken the whole transaction with it. */
    void lost(Throwable failure);

    /** Whether rows were written in the transaction, so that the server must have one open. */
    boolean hasWritten();

    /**
     * A statement is about to be made, and the driver says that no transaction is open although one had written: somebody has
     * ended it by a statement that nobody saw.
     */
    void foundIdle();

    /**
     * A savepoint was set.
     *
     * @param savepoint its name, or the {@link java.sql.Savepoint} where it has none
     */
    void savepointSet(Object savepoint);

    /** A savepoint was released, and with it those set after it. */
    void savepointReleased(Object savepoint);

    /** What came after the savepoint was rolled back; the savepoint is still there. */
    void savepointRolledBack(Object savepoint);

    /**
     * A clean-up after the end of the transaction failed: autocommit was not restored, or the connection not released.
     *
     * @return whether the failure has been dealt with and is not to be thrown
     */
    boolean cleanUpFailed(Throwable failure);
}
