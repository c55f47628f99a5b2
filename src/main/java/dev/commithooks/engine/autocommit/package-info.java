/** Statements outside of transactions, each of which is a transaction of its own. */
@NullMarked
package dev.commithooks.engine.autocommit;

import org.jspecify.annotations.NullMarked;
