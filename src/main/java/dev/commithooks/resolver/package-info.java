/**
 * Resolvers of commits in doubt: {@link dev.commithooks.resolver.PostgresOutcomeResolver} asks PostgreSQL itself,
 * {@link dev.commithooks.resolver.MarkerOutcomeResolver} needs nothing but a table, on any database.
 */
@NullMarked
package dev.commithooks.resolver;

import org.jspecify.annotations.NullMarked;
