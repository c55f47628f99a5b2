/** The arguments of hooks: one row's {@link dev.commithooks.change.Change}, a table's changes, a boundary's changes. */
@NullMarked
package dev.commithooks.change;

import org.jspecify.annotations.NullMarked;
