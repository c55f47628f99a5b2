/** The databases: what of their own ways the truth about transactions depends on. */
@NullMarked
package dev.commithooks.engine.dialect;

import org.jspecify.annotations.NullMarked;
