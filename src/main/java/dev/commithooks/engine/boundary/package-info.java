/** The life of a commit: which hooks run when, and what becomes of their exceptions. */
@NullMarked
package dev.commithooks.engine.boundary;

import org.jspecify.annotations.NullMarked;
