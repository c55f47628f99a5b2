/** What a user implements: typed hooks and ad hoc callbacks, and what they are given. */
@NullMarked
package dev.commithooks.hook;

import org.jspecify.annotations.NullMarked;
