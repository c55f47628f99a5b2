/** Records as they were before they were written, and their way back. */
@NullMarked
package dev.commithooks.engine.undo;

import org.jspecify.annotations.NullMarked;
