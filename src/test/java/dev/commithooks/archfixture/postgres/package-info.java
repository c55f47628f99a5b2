@NullMarked
package dev.commithooks.archfixture.postgres;

import org.jspecify.annotations.NullMarked;
