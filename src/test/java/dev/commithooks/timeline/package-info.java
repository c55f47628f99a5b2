@NullMarked
package dev.commithooks.timeline;

import org.jspecify.annotations.NullMarked;
