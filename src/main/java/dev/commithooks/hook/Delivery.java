package dev.commithooks.hook;

import java.time.Instant;

/**
 * A durable hook's call out of the store. Immutable.
 *
 * @param id the call's id, the same in each attempt and on each node: what was done for it need not be done again
 * @param attempt which attempt this is, from 1; those that ended in a crash are counted
 * @param handedOver when it was stored, by the clock of the node that did
 * @param sequence a number that rises from transaction to transaction for each row: of two calls about one row the one with the
 *     higher number was committed later, in whichever order they come
 */
public record Delivery(String id, int attempt, Instant handedOver, long sequence) {}
