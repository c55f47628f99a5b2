package dev.commithooks.engine.connection;

import dev.commithooks.engine.sql.Syntax;
import java.sql.SQLException;
import java.sql.Savepoint;

/** What a savepoint of JDBC's is known by. */
public final class SavepointName {

    private SavepointName() {}

    /**
     * A database finds a savepoint by its name, however it was set; one without a name is nobody else's. Asked for its id first,
     * since nested transactions' have no name and drivers answer a wrong question with an exception.
     */
    public static Object of(Savepoint savepoint, Syntax syntax) {
        if (!syntax.hasUnnamedSavepoints()) {
            return givenName(savepoint, syntax);
        }
        try {
            savepoint.getSavepointId();
            return savepoint;
        } catch (SQLException named) {
            return givenName(savepoint, syntax);
        }
    }

    private static Object givenName(Savepoint savepoint, Syntax syntax) {
        try {
            String name = savepoint.getSavepointName();
            return name == null ? savepoint : syntax.savepointName(name);
        } catch (SQLException invalid) {
            return savepoint;
        }
    }
}
