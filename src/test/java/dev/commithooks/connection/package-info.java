/** What is seen of a transaction's connection. */
@NullMarked
package dev.commithooks.connection;

import org.jspecify.annotations.NullMarked;
