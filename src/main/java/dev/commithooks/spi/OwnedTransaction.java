package dev.commithooks.spi;

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
     * Makes it roll back at its end.
     *
     * @throws IllegalStateException when it is too late
     */
    void setRollbackOnly();

    /**
     * What hooks work with that run when the transaction has ended: like the given configuration, and outside of the
     * transaction.
     *
     * @param inside a configuration that is in the transaction
     */
    Configuration afterwards(Configuration inside);
}
