package dev.commithooks.transaction;

/** The isolation levels of SQL. */
public enum IsolationLevel {
    /** PostgreSQL treats it as {@link #READ_COMMITTED}. */
    READ_UNCOMMITTED("read uncommitted"),
    /** Each statement sees what was committed before it began. */
    READ_COMMITTED("read committed"),
    /** All statements see what was committed before the first; in PostgreSQL, snapshot isolation. */
    REPEATABLE_READ("repeatable read"),
    /** As if transactions ran one after the other; some fail with SQLState 40001 and are to be retried. */
    SERIALIZABLE("serializable");

    private final String sql;

    IsolationLevel(String sql) {
        this.sql = sql;
    }

    /** The level's name in {@code SET TRANSACTION ISOLATION LEVEL}. */
    public String sql() {
        return sql;
    }
}
