/** The resolver that needs nothing but a table. */
@NullMarked
package dev.commithooks.marker;

import org.jspecify.annotations.NullMarked;
