@NullMarked
package dev.commithooks.archfixture.spi;

import org.jspecify.annotations.NullMarked;
