package dev.commithooks.engine.dialect;

import dev.commithooks.spi.ConnectionState;
import java.lang.invoke.MethodHandle;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the transaction's state off the driver's own connection object, or off a {@link ConnectionState} on the way to it. */
public final class DriverStatus {

    private static final DriverStatus SILENT = new DriverStatus(null, null, null);

    /** Deeper than any stack of wrappers; ends a wrapper's that unwraps in circles. */
    private static final int MAX_LAYERS = 16;

    /** Per connection class, the methods that tell, of no connection yet; null where there are none. */
    private static final ClassValue<@Nullable DriverStatus> METHODS = new ClassValue<>() {
        @Override
        protected @Nullable DriverStatus computeValue(Class<?> type) {
            MethodHandle state = DriverNotes.reader(type);
            return state == null ? null : new DriverStatus(null, state, DriverNotes.numberReader(type));
        }
    };

    /** Per wrapper's class, what it may be asked for by class: a connection that knows, and drivers'. */
    private static final ClassValue<List<Class<?>>> DRIVERS = new ClassValue<>() {
        @Override
        protected List<Class<?>> computeValue(Class<?> type) {
            return findDrivers(type);
        }
    };

    private final @Nullable Connection driverConnection;
    private final @Nullable MethodHandle method;
    /** Tells the transaction's number. */
    private final @Nullable MethodHandle number;

    private DriverStatus(
            @Nullable Connection driverConnection, @Nullable MethodHandle method, @Nullable MethodHandle number) {
        this.driverConnection = driverConnection;
        this.method = method;
        this.number = number;
    }

    /** The place where the state of a connection is noted, under however many layers of pool. */
    public static DriverStatus of(Connection connection) {
        Connection layer = connection;
        for (int i = 0; i < MAX_LAYERS; i++) {
            DriverStatus known = known(layer);
            if (known != null) {
                return known;
            }
            Connection below = unwrap(layer, Connection.class);
            if (below == null || below == layer) {
                break;
            }
            layer = below;
        }
        return byName(layer);
    }

    private static @Nullable DriverStatus known(Connection layer) {
        DriverStatus methods = METHODS.get(layer.getClass());
        return methods == null ? null : new DriverStatus(layer, methods.method, methods.number);
    }

    /** The state as it is noted now. */
    public TransactionStatus read() {
        if (driverConnection == null || method == null) {
            return TransactionStatus.UNKNOWN;
        }
        try {
            return (TransactionStatus) method.invokeExact(driverConnection);
        } catch (Error e) {
            throw e;
        } catch (Throwable closed) {
            return TransactionStatus.UNKNOWN;
        }
    }

    /** The number of the open transaction, if the driver tells it and anything is changed in it; else null. */
    public @Nullable Object number() {
        if (driverConnection == null || number == null) {
            return null;
        }
        try {
            return (Object) number.invokeExact(driverConnection);
        } catch (Error e) {
            throw e;
        } catch (Throwable closed) {
            return null;
        }
    }

    /** Some pools answer {@code unwrap(Connection.class)} with themselves, and go deeper only for a class they are not. */
    private static DriverStatus byName(Connection layer) {
        for (Class<?> driver : DRIVERS.get(layer.getClass())) {
            DriverStatus known = unwrap(layer, driver) instanceof Connection found ? known(found) : null;
            if (known != null) {
                return known;
            }
        }
        return SILENT;
    }

    private static <T> @Nullable T unwrap(Connection layer, Class<T> type) {
        try {
            return layer.isWrapperFor(type) ? layer.unwrap(type) : null;
        } catch (SQLException | RuntimeException | AbstractMethodError cannot) {
            return null;
        }
    }

    private static List<Class<?>> findDrivers(Class<?> wrapper) {
        Set<Class<?>> drivers = new LinkedHashSet<>(Set.of(ConnectionState.class));
        for (ClassLoader loader : new @Nullable ClassLoader[] {
            wrapper.getClassLoader(),
            DriverStatus.class.getClassLoader(),
            Thread.currentThread().getContextClassLoader()
        }) {
            for (String name : DriverNotes.CLASSES) {
                add(name, loader, drivers);
            }
        }
        return List.copyOf(drivers);
    }

    private static void add(String name, @Nullable ClassLoader loader, Set<Class<?>> drivers) {
        try {
            drivers.add(Class.forName(name, false, loader));
        } catch (ClassNotFoundException | LinkageError notThere) {
            // Another loader may have it, or the driver is another one.
        }
    }
}
