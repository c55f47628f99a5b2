package dev.commithooks.engine.connection;

import dev.commithooks.engine.sql.TransactionControl;
import java.sql.SQLException;
import java.sql.Savepoint;

/** What a savepoint of JDBC's is known by. */
final class SavepointName {

    private SavepointName() {}

    /**
     * PostgreSQL finds a savepoint by its name, however it was set; one without a name is nobody else's. Asked for its id first,
     * since nested transactions' have no name and drivers answer a wrong question with an exception.
     */
    static Object of(Savepoint savepoint) {
        try {
            savepoint.getSavepointId();
            return savepoint;
        } catch (SQLException named) {
            return givenName(savepoint);
        }
    }

    private static Object givenName(Savepoint savepoint) {
        try {
            String name = savepoint.getSavepointName();
            return name == null ? savepoint : TransactionControl.clip(name);
        } catch (SQLException invalid) {
            return savepoint;
        }
    }
}
