@NullMarked
package dev.commithooks.archfixture.resolver;

import org.jspecify.annotations.NullMarked;
