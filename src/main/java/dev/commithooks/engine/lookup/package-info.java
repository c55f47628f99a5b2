/** The answer to "which transaction is this?": for a configuration, for a statement. */
@NullMarked
package dev.commithooks.engine.lookup;

import org.jspecify.annotations.NullMarked;
