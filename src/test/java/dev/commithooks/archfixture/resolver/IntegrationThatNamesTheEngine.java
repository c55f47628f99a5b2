package dev.commithooks.archfixture.resolver;

import dev.commithooks.archfixture.engine.left.LeftHand;

/** Reaches past the composition root. */
public record IntegrationThatNamesTheEngine(LeftHand hand) {}
