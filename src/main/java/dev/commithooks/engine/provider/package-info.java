/** What jOOQ calls: transaction provider and listener. */
@NullMarked
package dev.commithooks.engine.provider;

import org.jspecify.annotations.NullMarked;
