/** From jOOQ's events to rows that were really written. */
@NullMarked
package dev.commithooks.engine.capture;

import org.jspecify.annotations.NullMarked;
