package dev.commithooks.archfixture.engine.right;

import dev.commithooks.archfixture.engine.left.LeftHand;

/** The other half. */
public interface RightHand {
    LeftHand other();
}
