package dev.commithooks.databases;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.h2.api.Trigger;
import org.jspecify.annotations.Nullable;

/** What H2 calls by name: functions that end their caller's transaction, and a trigger that fails. */
public final class H2Routines {

    private H2Routines() {}

    /** A function that commits. */
    public static void ending(Connection connection) throws SQLException {
        execute(connection, "commit");
    }

    /** A function that rolls back. */
    public static void undoing(Connection connection) throws SQLException {
        execute(connection, "rollback");
    }

    /** A function that commits, and leaves another transaction open. */
    public static int goingOn(Connection connection) throws SQLException {
        return execute(connection, "commit", "insert into other values (1)");
    }

    /** A function that writes. */
    public static int harmless(Connection connection) throws SQLException {
        return execute(connection, "insert into other values (1)");
    }

    private static int execute(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
            return 1;
        }
    }

    /** Makes them known to a database. */
    static void create(Shop shop) {
        shop.execute("create table other (id int)");
        for (String name : new String[] {"ending", "undoing", "goingOn", "harmless"}) {
            shop.execute("create alias " + name + " for '" + H2Routines.class.getName() + "." + name + "'");
        }
    }

    /** A trigger that refuses an author called "refused". */
    public static final class Refusing implements Trigger {

        @Override
        public void fire(
                Connection connection, @Nullable Object @Nullable [] before, @Nullable Object @Nullable [] after)
                throws SQLException {
            if (after != null && "refused".equals(after[1])) {
                throw new SQLException("refused", "45000");
            }
        }
    }
}
