/** Which hooks fire when, and what becomes of their exceptions. */
@NullMarked
package dev.commithooks.boundary;

import org.jspecify.annotations.NullMarked;
