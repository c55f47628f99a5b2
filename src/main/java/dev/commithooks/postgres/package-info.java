/** What only PostgreSQL can tell. */
@NullMarked
package dev.commithooks.postgres;

import org.jspecify.annotations.NullMarked;
