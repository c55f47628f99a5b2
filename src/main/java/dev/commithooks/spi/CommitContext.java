package dev.commithooks.spi;

import dev.commithooks.change.ChangeSet;
import dev.commithooks.transaction.TransactionInfo;
import java.util.List;
import org.jooq.DSLContext;

/** A commit that is about to be sent, for a {@link CommitParticipant}. Valid during its call. */
public interface CommitContext {

    /** The transaction. */
    TransactionInfo transaction();

    /** The final changes, as after hooks will be given them. */
    ChangeSet changes();

    /** The texts that were handed over to durable callbacks and not rolled back, in order. */
    List<HandOver.Text> handOvers();

    /** The way to the database in the transaction; no hook hears of what is written with it, and no listener of jOOQ's. */
    DSLContext dsl();
}
