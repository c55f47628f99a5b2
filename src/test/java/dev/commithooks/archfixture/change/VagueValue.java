package dev.commithooks.archfixture.change;

import org.jspecify.annotations.Nullable;

/** Leaves to its users what a missing value and a yes mean. */
public record VagueValue(@Nullable String maybe, boolean yes, String certain) {}
