/** The registered hooks, arranged for look-up by table, phase and kind of change. */
@NullMarked
package dev.commithooks.engine.registry;

import org.jspecify.annotations.NullMarked;
