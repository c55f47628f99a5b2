/**
 * What a user types: {@link dev.commithooks.CommitHooks} and its builder.
 */
@NullMarked
package dev.commithooks;

import org.jspecify.annotations.NullMarked;
