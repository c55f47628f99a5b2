/** What is registered, made fit for look-ups. */
@NullMarked
package dev.commithooks.engine.registry;

import org.jspecify.annotations.NullMarked;
