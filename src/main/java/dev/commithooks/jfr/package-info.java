/** Transactions and hooks as events of the JDK's flight recorder. */
@NullMarked
package dev.commithooks.jfr;

import org.jspecify.annotations.NullMarked;
