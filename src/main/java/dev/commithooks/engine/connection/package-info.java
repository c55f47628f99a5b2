/** The connection under a transaction: what is seen of it, what it can tell. */
@NullMarked
package dev.commithooks.engine.connection;

import org.jspecify.annotations.NullMarked;
