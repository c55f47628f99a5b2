/** The log of a transaction's writes and callbacks, and its folding into buckets. */
@NullMarked
package dev.commithooks.engine.log;

import org.jspecify.annotations.NullMarked;
