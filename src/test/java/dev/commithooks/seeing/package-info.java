/** What can be seen of hooks: observers, recordings, explanations. */
@NullMarked
package dev.commithooks.seeing;

import org.jspecify.annotations.NullMarked;
