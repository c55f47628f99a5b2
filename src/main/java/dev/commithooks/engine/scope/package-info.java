/** The tree of a transaction and its savepoints. */
@NullMarked
package dev.commithooks.engine.scope;

import org.jspecify.annotations.NullMarked;
