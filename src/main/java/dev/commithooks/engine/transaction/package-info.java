/** Transactions with options, and sessions that commit as they go: what jOOQ's own {@code transaction} is driven by. */
@NullMarked
package dev.commithooks.engine.transaction;

import org.jspecify.annotations.NullMarked;
