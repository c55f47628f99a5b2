package dev.commithooks.engine.log;

import dev.commithooks.spi.HandOver;

/**
 * A text for a durable callback, in its place among the writes: a savepoint's rollback takes it out.
 *
 * @param text the text, and for whom it is
 */
public record HandedOver(HandOver.Text text) implements LogItem {}
