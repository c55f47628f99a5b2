package dev.commithooks.transaction;

/** The relation of a new transaction to one that is open on the configuration given, or to none. */
public enum Propagation {
    /** Joins the open one; else begins one. A joined block that throws makes the whole transaction rollback-only. */
    REQUIRED,
    /** A savepoint in the open one; else begins one. jOOQ's own way, and the default. */
    NESTED,
    /** Begins one of its own on another connection, whether one is open or not. */
    REQUIRES_NEW,
    /** Joins the open one; an error when there is none. */
    MANDATORY,
    /** Runs without a transaction; an error when one is open. */
    NEVER
}
