/** The resolvers of commits in doubt. */
@NullMarked
package dev.commithooks.resolver;

import org.jspecify.annotations.NullMarked;
