@NullMarked
package dev.commithooks.spring.boot;

import org.jspecify.annotations.NullMarked;
