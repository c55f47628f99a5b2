/** A transaction as hooks and callers see it: its identity, its outcome, its failure, and the exceptions that carry them. */
@NullMarked
package dev.commithooks.transaction;

import org.jspecify.annotations.NullMarked;
