package dev.commithooks.archfixture.engine.left;

import dev.commithooks.archfixture.engine.right.RightHand;

/** One half of a cycle. */
public interface LeftHand {
    RightHand other();
}
