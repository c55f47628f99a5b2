package dev.commithooks.engine.scope;

/** The states of a transaction, in the order it goes through them. */
public enum ScopeState {
    /** The work runs: everyone may write. */
    ACTIVE,
    /** Before hooks run: only the thread that runs them may write. */
    BEFORE,
    /** COMMIT or ROLLBACK is under way: nobody may write. */
    ENDING,
    /** The outcome is known and hooks are being told: nobody may write, callbacks may still be registered. */
    SETTLING,
    /** It is over. */
    ENDED
}
