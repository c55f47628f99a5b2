package dev.commithooks.engine.log;

/**
 * Rows that a statement which failed may have written, and of which nobody can say which they are. In their place among the writes: a
 * savepoint's rollback takes them out, and a transaction that has some must not be committed.
 *
 * @param cause what the statement failed with
 */
public record UntoldRows(Throwable cause) implements LogItem {}
