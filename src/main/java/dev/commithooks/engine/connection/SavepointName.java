package dev.commithooks.engine.connection;

import dev.commithooks.engine.dialect.Dialect;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import org.jspecify.annotations.Nullable;

/** What a savepoint of JDBC's is known by. */
public final class SavepointName {

    private SavepointName() {}

    /**
     * A database finds a savepoint by its name, however it was set; one without a name is nobody else's. So is one whose name is not
     * understood, as long as none is used that may be the same.
     *
     * @param connection the savepoint's
     */
    public static Object of(Savepoint savepoint, Dialect dialect, Connection connection) {
        String given = given(savepoint, dialect);
        String told = given == null ? null : dialect.savepointName(given, true);
        return told == null ? savepoint : dialect.savepointName(told, connection);
    }

    /** Whether it has a name, and that is not understood. */
    static boolean isUnclear(Savepoint savepoint, Dialect dialect) {
        String given = given(savepoint, dialect);
        return given != null && dialect.savepointName(given, true) == null;
    }

    /** Asked for its id first, since nested transactions' have no name and drivers answer a wrong question with an exception. */
    private static @Nullable String given(Savepoint savepoint, Dialect dialect) {
        if (dialect.hasUnnamedSavepoints() && hasId(savepoint)) {
            return null;
        }
        try {
            return savepoint.getSavepointName();
        } catch (SQLException invalid) {
            return null;
        }
    }

    private static boolean hasId(Savepoint savepoint) {
        try {
            savepoint.getSavepointId();
            return true;
        } catch (SQLException named) {
            return false;
        }
    }
}
