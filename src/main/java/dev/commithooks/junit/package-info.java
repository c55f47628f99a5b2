/** Tests of applications with JUnit 5 and 6, see {@link dev.commithooks.testing}. Needs JUnit Jupiter's API. */
@NullMarked
package dev.commithooks.junit;

import org.jspecify.annotations.NullMarked;
