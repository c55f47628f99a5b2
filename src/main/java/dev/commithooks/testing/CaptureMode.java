package dev.commithooks.testing;

/** What becomes of after hooks and callbacks while they are captured by {@link HookJournal#capture(CaptureMode, HookJournal.Work)}. */
public enum CaptureMode {
    /** They are called, as ever. */
    RUN,
    /**
     * They are not called, then or later: the captured journal tells which they would have been. Other hooks are called as ever:
     * before hooks are a part of the transaction, and failed ones tell the application what it has to mend.
     */
    ONLY_CAPTURE
}
