/** Transactions, hooks and deliveries as metrics and as observations of Micrometer. */
@NullMarked
package dev.commithooks.micrometer;

import org.jspecify.annotations.NullMarked;
