@NullMarked
package dev.commithooks.archfixture.engine.right;

import org.jspecify.annotations.NullMarked;
