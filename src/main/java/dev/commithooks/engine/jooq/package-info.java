/** Transactions that jOOQ owns: what it calls to begin and to end them, and how the engine gets into a configuration. */
@NullMarked
package dev.commithooks.engine.jooq;

import org.jspecify.annotations.NullMarked;
