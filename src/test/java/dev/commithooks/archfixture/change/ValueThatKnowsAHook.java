package dev.commithooks.archfixture.change;

import dev.commithooks.archfixture.hook.SomeHook;

/** Points to a layer above its own. */
public record ValueThatKnowsAHook(SomeHook hook) {}
