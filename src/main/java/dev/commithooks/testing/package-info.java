/**
 * Tests of applications that use hooks: a database on which everything is rolled back and hooks fire as if it were committed,
 * faults to order, a journal of hooks, contexts for unit tests. Knows no test framework.
 */
@NullMarked
package dev.commithooks.testing;

import org.jspecify.annotations.NullMarked;
