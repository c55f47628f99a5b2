package dev.commithooks.bench;

/**
 * A way to write rows in transactions, the same for every library measured. {@code update} and {@code delete} act on the
 * rows of the last {@code insert}.
 */
interface Stack extends AutoCloseable {

    /** One transaction that inserts the given number of rows, one by one, and learns their ids. */
    void insert(int rows) throws Exception;

    /** One transaction that updates these rows, one by one. */
    void update() throws Exception;

    /** One transaction that deletes these rows, one by one. */
    void delete() throws Exception;

    @Override
    default void close() {}
}
