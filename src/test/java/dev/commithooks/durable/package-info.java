@NullMarked
package dev.commithooks.durable;

import org.jspecify.annotations.NullMarked;
