/** Tests of what is given to users for their tests. */
@NullMarked
package dev.commithooks.testkit;

import org.jspecify.annotations.NullMarked;
