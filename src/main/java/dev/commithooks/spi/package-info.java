/** The types that an extension implements: owners of transactions, participants in commits, observers, resolvers of commits in doubt. */
@NullMarked
package dev.commithooks.spi;

import org.jspecify.annotations.NullMarked;
