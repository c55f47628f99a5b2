/** The pictures of the documentation, drawn from what was run. */
@NullMarked
package dev.commithooks.pictures;

import org.jspecify.annotations.NullMarked;
