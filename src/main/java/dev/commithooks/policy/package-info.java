/** The choices a user has: what is folded, what happens outside a transaction, what is done with failures. */
@NullMarked
package dev.commithooks.policy;

import org.jspecify.annotations.NullMarked;
