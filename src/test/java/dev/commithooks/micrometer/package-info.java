@NullMarked
package dev.commithooks.micrometer;

import org.jspecify.annotations.NullMarked;
