/** Transactions as a page to look at: savepoints, statements, hooks, outcome and how long each took. */
@NullMarked
package dev.commithooks.timeline;

import org.jspecify.annotations.NullMarked;
