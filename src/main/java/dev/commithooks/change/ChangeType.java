package dev.commithooks.change;

/** The three things that can happen to a row. */
public enum ChangeType {
    /** The row was not there before. */
    INSERT,
    /** The row was there and holds other values now; its primary key may be among them. */
    UPDATE,
    /** The row is there no longer. */
    DELETE
}
