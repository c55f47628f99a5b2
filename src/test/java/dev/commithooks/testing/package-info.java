/** The tests' databases. */
@NullMarked
package dev.commithooks.testing;

import org.jspecify.annotations.NullMarked;
