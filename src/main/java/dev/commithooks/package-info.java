/**
 * The types that a user writes in code: {@link dev.commithooks.CommitHooks}, its builder, transactions and sessions.
 */
@NullMarked
package dev.commithooks;

import org.jspecify.annotations.NullMarked;
