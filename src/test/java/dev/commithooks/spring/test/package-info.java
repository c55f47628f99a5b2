@NullMarked
package dev.commithooks.spring.test;

import org.jspecify.annotations.NullMarked;
