package dev.commithooks.engine.dialect;

import java.sql.Connection;
import org.jspecify.annotations.Nullable;

/** A database whose statements return no rows. */
final class NoReturning extends Returning {

    private final String reason;

    NoReturning(String reason) {
        this.reason = reason;
    }

    @Override
    public String refusal(Writing statement) {
        return reason;
    }

    @Override
    public @Nullable StoredTable find(Connection connection, @Nullable String schema, String table) {
        return null;
    }
}
