/** What is known of a transaction: who it is, how it ended, why it failed, and the exceptions that say so. */
@NullMarked
package dev.commithooks.transaction;

import org.jspecify.annotations.NullMarked;
