/** Values of columns, as the library holds and compares them; not for users. */
@NullMarked
package dev.commithooks.row;

import org.jspecify.annotations.NullMarked;
