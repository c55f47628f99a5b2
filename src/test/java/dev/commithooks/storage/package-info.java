@NullMarked
package dev.commithooks.storage;

import org.jspecify.annotations.NullMarked;
