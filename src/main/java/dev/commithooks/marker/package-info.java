/** A resolver of commits in doubt for every database: a row that is committed with the transaction. */
@NullMarked
package dev.commithooks.marker;

import org.jspecify.annotations.NullMarked;
