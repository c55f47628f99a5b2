/** The calls of hooks and callbacks at a boundary: their order, the calls themselves, what they threw, and a view of what is pending. */
@NullMarked
package dev.commithooks.engine.telling;

import org.jspecify.annotations.NullMarked;
