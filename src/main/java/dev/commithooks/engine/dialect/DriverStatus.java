package dev.commithooks.engine.dialect;

import dev.commithooks.spi.ConnectionState;
import dev.commithooks.transaction.StatementRefusedException;
import java.lang.invoke.MethodHandle;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jooq.SQLDialect;
import org.jspecify.annotations.Nullable;

/**
 * Reads the transaction's state off the driver's own connection object, or off a {@link ConnectionState} on the way to it; and knows
 * which database the driver is for.
 */
public final class DriverStatus {

    private static final DriverStatus SILENT = new DriverStatus(null, null, null, List.of());

    /** Deeper than any stack of wrappers; ends a wrapper's that unwraps in circles. */
    private static final int MAX_LAYERS = 16;

    private static final List<SQLDialect> PROVEN = Stream.of(SQLDialect.families())
            .filter(family -> Dialect.of(family).isProven())
            .toList();

    /** Per connection class, what its driver tells, of no connection yet; null where that is nothing. */
    private static final ClassValue<@Nullable DriverStatus> METHODS = new ClassValue<>() {
        @Override
        protected @Nullable DriverStatus computeValue(Class<?> type) {
            MethodHandle state = DriverNotes.reader(type);
            List<SQLDialect> dialects = DriverNotes.dialects(type);
            return state == null && dialects.isEmpty()
                    ? null
                    : new DriverStatus(null, state, DriverNotes.numberReader(type), dialects);
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
    /** Those of the driver's database; none where that is not known. */
    private final List<SQLDialect> dialects;

    private DriverStatus(
            @Nullable Connection driverConnection,
            @Nullable MethodHandle method,
            @Nullable MethodHandle number,
            List<SQLDialect> dialects) {
        this.driverConnection = driverConnection;
        this.method = method;
        this.number = number;
        this.dialects = dialects;
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
        return methods == null ? null : new DriverStatus(layer, methods.method, methods.number, methods.dialects);
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

    /**
     * Refuses a statement on a connection whose driver is another database's than the dialect. Nothing is said where the driver is not
     * known, nor of a dialect that promises nothing.
     *
     * @throws StatementRefusedException if hooks would take one database for the other
     */
    public void requireDatabaseOf(Dialect dialect) {
        for (int i = 0; i < dialects.size(); i++) { // asked for each transaction
            if (Dialect.of(dialects.get(i)) == dialect) {
                return;
            }
        }
        if (driverConnection == null || dialects.isEmpty() || !dialect.isProven()) {
            return;
        }
        SQLDialect said = PROVEN.stream()
                .filter(family -> Dialect.of(family) == dialect)
                .findFirst()
                .orElseThrow();
        SQLDialect meant = dialects.get(0);
        throw new StatementRefusedException("A statement was refused, and nothing was sent: the SQL dialect of its"
                + " configuration is " + said + ", and its connection, "
                + driverConnection.getClass().getName()
                + ", leads to " + meant.getName()
                + ". What errors, DDL and COMMIT do to a transaction differs, so that hooks"
                + " would lie. Set SQLDialect." + meant
                + (meant == SQLDialect.H2 ? ", in H2's compatibility modes, too." : "."));
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
