package dev.commithooks.archfixture.engine.right;

/** Public, although only its own package could want it. */
public interface NeededByNobody {
    RightHand hand();
}
