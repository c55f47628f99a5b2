package dev.commithooks.testing;

import java.lang.reflect.Method;
import java.sql.Connection;
import org.jspecify.annotations.Nullable;

/** The data source whose connections are virtual. */
final class VirtualDataSource extends Overlay {

    private final RolledBackDatabase database;

    VirtualDataSource(RolledBackDatabase database) {
        this.database = database;
    }

    public Connection getConnection() {
        return new VirtualConnection(database).connection();
    }

    /** There is one user, the real data source's. */
    public Connection getConnection(String user, String password) {
        return getConnection();
    }

    @Override
    @Nullable
    Object passOn(Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
        return invoke(method, database.realDataSource(), arguments);
    }

    @Override
    public String toString() {
        return database.toString();
    }
}
