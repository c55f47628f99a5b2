package dev.commithooks.spring.boot;

import dev.commithooks.CommitHooksBuilder;

/** A bean that has the last word on the builder, after properties and hook beans: more hooks, observers, a resolver. */
@FunctionalInterface
public interface CommitHooksCustomizer {

    /** Called once, when the {@link dev.commithooks.CommitHooks} is built. */
    void customize(CommitHooksBuilder builder);
}
