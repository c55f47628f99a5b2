@NullMarked
package dev.commithooks.archfixture.utils;

import org.jspecify.annotations.NullMarked;
