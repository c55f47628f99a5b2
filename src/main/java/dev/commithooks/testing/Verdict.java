package dev.commithooks.testing;

/** What becomes of a {@link Finding}. */
public enum Verdict {
    /** The test fails. */
    FAIL,
    /** It is in {@link TestTransaction#findings()}, and logged as a warning. */
    REPORT,
    /** Nothing. */
    IGNORE
}
