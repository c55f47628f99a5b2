@NullMarked
package dev.commithooks.archfixture.engine.left;

import org.jspecify.annotations.NullMarked;
