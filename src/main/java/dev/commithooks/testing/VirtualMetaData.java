package dev.commithooks.testing;

import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import org.jspecify.annotations.Nullable;

/** The real connection's metadata, which know the virtual one only. */
final class VirtualMetaData extends Overlay {

    private final DatabaseMetaData real;
    private final Connection connection;

    VirtualMetaData(DatabaseMetaData real, Connection connection) {
        this.real = real;
        this.connection = connection;
    }

    public Connection getConnection() {
        return connection;
    }

    @Override
    @Nullable
    Object passOn(Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
        return invoke(method, real, arguments);
    }
}
