/** Transactions with options: isolation, propagation, retry. */
@NullMarked
package dev.commithooks.engine.options;

import org.jspecify.annotations.NullMarked;
