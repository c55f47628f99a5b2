/** Options, propagation, retry and sessions, seen in the database and by hooks alike. */
@NullMarked
package dev.commithooks.transactions;

import org.jspecify.annotations.NullMarked;
