package dev.commithooks.archfixture.hook;

/** Lives in a package that nobody marked. */
public interface SomeHook {}
