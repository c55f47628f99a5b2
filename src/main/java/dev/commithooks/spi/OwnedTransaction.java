package dev.commithooks.spi;

import java.sql.Connection;
import java.util.Optional;
import org.jooq.Configuration;

/** A transaction of a {@link TransactionOwner}, as its hooks need to know it. Called on threads that work in it. */
public interface OwnedTransaction {

    /** Its name, if it was given one. */
    Optional<String> name();

    /** Whether it is going to be rolled back whatever happens. */
    boolean isRollbackOnly();

    /** Whether its end has begun, before hooks being over: a boundary that was opened now would never hear of it. */
    boolean isEnding();

    /**
     * Whether this is its connection, and its end has not begun: if the driver says that no transaction is open on it, somebody has
     * ended it by hand. False where the owner does not know.
     *
     * @param connection one that the configuration's provider has just given
     */
    default boolean isOpenOn(Connection connection) {
        return false;
    }

    /**
     * Whether its connection is known to be closed, by its session's end for instance: COMMIT cannot be sent then, and nothing is
     * committed. Asked last before COMMIT. False where the owner does not know.
     */
    default boolean isDisconnected() {
        return false;
    }

    /**
     * Makes it roll back at its end.
     *
     * @throws IllegalStateException when it is too late
     */
    void setRollbackOnly();

    /**
     * The configuration of hooks that run when the transaction has ended: like the given one, and outside of the transaction.
     *
     * @param inside a configuration that is in the transaction
     */
    Configuration afterwards(Configuration inside);
}
