package dev.commithooks.engine.scope;

import dev.commithooks.engine.log.Recorded;
import dev.commithooks.engine.log.Write;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where the rows of one statement go: the open transaction that the statement is part of, or, outside a transaction, the
 * statement itself, which then is its own boundary. Found when the statement's connection is known.
 *
 * <p>The calls for one statement come in this order and always to the end: {@link #aboutToSend}, {@link #written} for each
 * row that was really written, or for all of them, {@link #ended} when the statement is over, {@link #settle} when jOOQ has given back the
 * statement's connection, or as close to it as can be had.
 */
public interface StatementTarget {

    /**
     * The statement is about to be sent. A throw prevents it, and no further call follows.
     *
     * @param table the table's name, for messages
     * @param expected the rows it is about to write, for who must know them; columns that the database makes are unknown yet
     */
    void aboutToSend(String table, Supplier<List<Write>> expected);

    /** This row was really written, or these very many. */
    void written(Recorded recorded);

    /**
     * The statement has failed, and may have written some of its rows; nobody says which.
     *
     * @param cause what it failed with
     */
    void mayHaveWritten(Throwable cause);

    /**
     * The statement is over.
     *
     * @param failure what it failed with, if it failed
     */
    void ended(@Nullable Throwable failure);

    /** Outside a transaction, runs the hooks that tell what became of the rows. May throw what they throw. */
    void settle();
}
