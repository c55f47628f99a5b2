/** Hooks in Spring's tests, whose transactions are rolled back. */
@NullMarked
package dev.commithooks.spring.test;

import org.jspecify.annotations.NullMarked;
