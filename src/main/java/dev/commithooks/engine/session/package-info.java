/** Sessions, whose transactions begin by themselves and end when told. */
@NullMarked
package dev.commithooks.engine.session;

import org.jspecify.annotations.NullMarked;
