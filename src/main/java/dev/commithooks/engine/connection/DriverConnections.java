package dev.commithooks.engine.connection;

import java.sql.Connection;
import org.jooq.tools.jdbc.DefaultConnection;

/** The connections below jOOQ's own wrappers, which are made anew for everybody who asks. */
public final class DriverConnections {

    private DriverConnections() {}

    /** The connection that jOOQ was given: the driver's, a pool's, or that of a transaction of jOOQ's, which is tracked. */
    public static Connection belowJooq(Connection connection) {
        Connection layer = connection;
        while (layer instanceof DefaultConnection wrapper && isMadeForEachCaller(wrapper)) {
            layer = wrapper.getDelegate();
        }
        return layer;
    }

    private static boolean isMadeForEachCaller(DefaultConnection wrapper) {
        return wrapper.getClass().getName().startsWith("org.jooq.impl.")
                || wrapper instanceof TrackedConnection tracked
                        && !tracked.events().hearsOfTheEnd();
    }
}
