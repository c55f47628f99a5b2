/** What a transaction has written so far, and how it is folded into buckets. */
@NullMarked
package dev.commithooks.engine.log;

import org.jspecify.annotations.NullMarked;
