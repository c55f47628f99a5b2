/** Whatever can break between begin and the return of {@code dsl.transaction}, on a real server. */
@NullMarked
package dev.commithooks.faults;

import org.jspecify.annotations.NullMarked;
