/** Hooks in transactions that Spring begins and ends: its transaction managers on JDBC. */
@NullMarked
package dev.commithooks.spring;

import org.jspecify.annotations.NullMarked;
