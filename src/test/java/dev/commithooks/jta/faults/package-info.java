/** Two databases in one JTA transaction, and everything that can go wrong there. */
@NullMarked
package dev.commithooks.jta.faults;

import org.jspecify.annotations.NullMarked;
