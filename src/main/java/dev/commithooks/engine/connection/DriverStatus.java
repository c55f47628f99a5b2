package dev.commithooks.engine.connection;

import static java.lang.invoke.MethodHandles.publicLookup;
import static java.lang.invoke.MethodType.methodType;

import dev.commithooks.spi.ConnectionState;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the transaction's state off the driver's own connection object, or off a {@link ConnectionState} on the way to it.
 *
 * <p>pgjdbc has no interface for it, only the public method {@code PgConnection.getTransactionState()}, and it is no dependency
 * of ours: the method is found by its shape, which also serves pgjdbc's descendants, whatever class loader they come from.
 */
final class DriverStatus {

    private static final DriverStatus SILENT = new DriverStatus(null, null);

    /** What a connection that is no driver's is asked by, which comes before what is below it. */
    private static final MethodHandle OWN_STATE = ownState();

    /** Deeper than any stack of wrappers; ends a wrapper's that unwraps in circles. */
    private static final int MAX_LAYERS = 16;

    /** Per connection class, the method that tells; null where there is none. */
    private static final ClassValue<@Nullable MethodHandle> METHODS = new ClassValue<>() {
        @Override
        protected @Nullable MethodHandle computeValue(Class<?> type) {
            return ConnectionState.class.isAssignableFrom(type) ? OWN_STATE : findMethod(type);
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

    private DriverStatus(@Nullable Connection driverConnection, @Nullable MethodHandle method) {
        this.driverConnection = driverConnection;
        this.method = method;
    }

    static DriverStatus of(Connection connection) {
        Connection driverConnection = unwrap(connection);
        return driverConnection == null
                ? SILENT
                : new DriverStatus(driverConnection, METHODS.get(driverConnection.getClass()));
    }

    TransactionStatus read() {
        if (driverConnection == null || method == null) {
            return TransactionStatus.UNKNOWN;
        }
        try {
            Enum<?> state = (Enum<?>) method.invokeExact(driverConnection);
            return switch (state.name()) {
                case "IDLE" -> TransactionStatus.IDLE;
                case "OPEN" -> TransactionStatus.OPEN;
                case "FAILED", "ABORTED" -> TransactionStatus.ABORTED;
                default -> TransactionStatus.UNKNOWN;
            };
        } catch (Error e) {
            throw e;
        } catch (Throwable closed) {
            return TransactionStatus.UNKNOWN;
        }
    }

    private static @Nullable Connection unwrap(Connection connection) {
        Connection layer = connection;
        for (int i = 0; i < MAX_LAYERS; i++) {
            if (METHODS.get(layer.getClass()) != null) {
                return layer;
            }
            Connection below = unwrap(layer, Connection.class);
            if (below == null || below == layer) {
                break;
            }
            layer = below;
        }
        return unwrapByName(layer);
    }

    /** Some pools answer {@code unwrap(Connection.class)} with themselves, and go deeper only for a class they are not. */
    private static @Nullable Connection unwrapByName(Connection layer) {
        for (Class<?> driver : DRIVERS.get(layer.getClass())) {
            if (unwrap(layer, driver) instanceof Connection found && METHODS.get(found.getClass()) != null) {
                return found;
            }
        }
        return null;
    }

    private static <T> @Nullable T unwrap(Connection layer, Class<T> type) {
        try {
            return layer.isWrapperFor(type) ? layer.unwrap(type) : null;
        } catch (SQLException | RuntimeException | AbstractMethodError cannot) {
            return null;
        }
    }

    private static MethodHandle ownState() {
        try {
            return publicLookup()
                    .findVirtual(ConnectionState.class, "transactionState", methodType(ConnectionState.State.class))
                    .asType(methodType(Enum.class, Connection.class));
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private static @Nullable MethodHandle findMethod(Class<?> type) {
        try {
            Method method = type.getMethod("getTransactionState");
            if (!tellsStates(method.getReturnType())) {
                return null;
            }
            return publicLookup().unreflect(method).asType(methodType(Enum.class, Connection.class));
        } catch (ReflectiveOperationException | LinkageError none) {
            return null;
        }
    }

    private static boolean tellsStates(Class<?> type) {
        Object[] constants = type.getEnumConstants();
        return constants != null
                && Arrays.stream(constants)
                        .map(constant -> ((Enum<?>) constant).name())
                        .toList()
                        .containsAll(List.of("IDLE", "OPEN", "FAILED"));
    }

    private static List<Class<?>> findDrivers(Class<?> wrapper) {
        Set<Class<?>> drivers = new LinkedHashSet<>(Set.of(ConnectionState.class));
        for (ClassLoader loader : new @Nullable ClassLoader[] {
            wrapper.getClassLoader(),
            DriverStatus.class.getClassLoader(),
            Thread.currentThread().getContextClassLoader()
        }) {
            try {
                drivers.add(Class.forName("org.postgresql.jdbc.PgConnection", false, loader));
            } catch (ClassNotFoundException | LinkageError notThere) {
                // Another loader may have it, or the driver is another one.
            }
        }
        return List.copyOf(drivers);
    }
}
