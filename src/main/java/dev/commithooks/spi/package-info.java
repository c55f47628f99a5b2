/** What an extension implements: an observer, a resolver of commits in doubt. */
@NullMarked
package dev.commithooks.spi;

import org.jspecify.annotations.NullMarked;
