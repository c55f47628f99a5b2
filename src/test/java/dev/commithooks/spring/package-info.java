@NullMarked
package dev.commithooks.spring;

import org.jspecify.annotations.NullMarked;
