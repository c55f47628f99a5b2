/** Random work on records, undone at random. */
@NullMarked
package dev.commithooks.transactions.undo;

import org.jspecify.annotations.NullMarked;
