@NullMarked
package dev.commithooks;

import org.jspecify.annotations.NullMarked;
