package dev.commithooks.engine.capture;

/** What a record is asked to do. */
enum OperationKind {
    INSERT,
    UPDATE,
    MERGE,
    DELETE
}
