/**
 * Records found or created by a unique key, and stored together with those that depend on them. Loads nothing, and costs
 * nothing, unless used.
 */
@NullMarked
package dev.commithooks.storage;

import org.jspecify.annotations.NullMarked;
