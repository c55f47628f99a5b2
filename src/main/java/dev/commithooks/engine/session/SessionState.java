package dev.commithooks.engine.session;

/** What a session is doing. */
enum SessionState {
    IDLE,
    BEGINNING,
    OPEN,
    ENDING,
    CLOSED
}
