package dev.commithooks.policy;

/** The treatment of a database on which the hooks' promises are not tested. */
public enum UnprovenDatabase {
    /** {@code attachTo(...)} refuses it, and says what is not known of it. The default. */
    REFUSE,
    /**
     * Hooks are attached. What the library does not know of the database is taken for the worst: a failed COMMIT is in doubt whatever
     * it was answered with, an error of SQLState class 40 means that the whole transaction is rolled back, DDL and BEGIN commit what
     * came before. Errors of another kind that roll a transaction back make hooks lie, and nobody has looked for them.
     */
    ACCEPT
}
