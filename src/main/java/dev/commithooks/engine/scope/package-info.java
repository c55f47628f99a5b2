/** One transaction as its hooks see it: its log, its savepoints, its state and its outcome. */
@NullMarked
package dev.commithooks.engine.scope;

import org.jspecify.annotations.NullMarked;
