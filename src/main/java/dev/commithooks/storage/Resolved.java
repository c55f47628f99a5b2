package dev.commithooks.storage;

import java.util.Objects;
import org.jooq.Record;

/**
 * The row of a unique key.
 *
 * @param row the row as the database has it, attached to the {@code DSLContext} that the storage works on
 * @param origin how it came to be there
 */
public record Resolved<R extends Record>(R row, Origin origin) {

    /** How a row came to be there. */
    public enum Origin {
        /** It was there before, and is as it was. */
        FOUND,
        /** It was there before, and was changed by this call. */
        UPDATED,
        /** This call inserted it. */
        CREATED
    }

    /** A row and its origin. */
    public Resolved {
        Objects.requireNonNull(row, "row");
        Objects.requireNonNull(origin, "origin");
    }

    /** Whether this call inserted the row. */
    public boolean isCreated() {
        return origin == Origin.CREATED;
    }
}
