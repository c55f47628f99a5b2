@NullMarked
package dev.commithooks.archfixture.change;

import org.jspecify.annotations.NullMarked;
