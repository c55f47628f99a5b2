/**
 * Durable hooks: their changes are stored with the transaction, and delivered at least once, by any node, after any crash. On
 * db-scheduler, which is loaded only if used; and a table for those who read it by Debezium.
 */
@NullMarked
package dev.commithooks.durable;

import org.jspecify.annotations.NullMarked;
