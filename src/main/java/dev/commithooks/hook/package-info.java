/** The types that a user implements: typed hooks and ad hoc callbacks; and the contexts they are given. */
@NullMarked
package dev.commithooks.hook;

import org.jspecify.annotations.NullMarked;
