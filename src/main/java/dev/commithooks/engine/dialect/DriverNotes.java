package dev.commithooks.engine.dialect;

import static java.lang.invoke.MethodHandles.filterReturnValue;
import static java.lang.invoke.MethodHandles.insertArguments;
import static java.lang.invoke.MethodHandles.lookup;
import static java.lang.invoke.MethodHandles.publicLookup;
import static java.lang.invoke.MethodType.methodType;

import dev.commithooks.spi.ConnectionState;
import java.lang.invoke.MethodHandle;
import java.sql.Connection;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jooq.SQLDialect;
import org.jspecify.annotations.Nullable;

/**
 * The public methods by which drivers tell whether a transaction is open, from their notes of the server's last answer. There is no
 * interface for it, and drivers are no dependency of ours: the methods are found by their shape, which also serves a driver's
 * descendants, whatever class loader they come from.
 *
 * <ul>
 *   <li>pgjdbc: {@code PgConnection.getTransactionState()}.
 *   <li>MariaDB's: bit 1 of {@code Connection.getContext().getServerStatus()}, SERVER_STATUS_IN_TRANS. An error does not change it.
 *   <li>MySQL's: {@code ConnectionImpl.getSession().getServerSession().inTransactionOnServer()}, the same.
 *   <li>H2's: {@code JdbcConnection.getSession().hasPendingTransaction()}: changes are there that are not committed. In process only:
 *       to a server it is a round trip. Each transaction has a number, which {@code SessionLocal.getTransactionId()} tells.
 * </ul>
 */
final class DriverNotes {

    /** The connections of the drivers, which pools are asked for by name. */
    static final List<String> CLASSES = List.of(
            "org.postgresql.jdbc.PgConnection",
            "org.mariadb.jdbc.Connection",
            "com.mysql.cj.jdbc.ConnectionImpl",
            "org.h2.jdbc.JdbcConnection",
            "org.sqlite.SQLiteConnection");

    /** What drivers' databases are called by jOOQ, by the packages of the drivers; where it is several, the likeliest comes first. */
    private static final Map<String, List<SQLDialect>> DIALECTS = Map.of(
            "org.postgresql.", List.of(SQLDialect.POSTGRES),
            "org.mariadb.jdbc.", List.of(SQLDialect.MARIADB, SQLDialect.MYSQL),
            "com.mysql.", List.of(SQLDialect.MYSQL, SQLDialect.MARIADB),
            "org.h2.jdbc.", List.of(SQLDialect.H2),
            "org.sqlite.", List.of(SQLDialect.SQLITE));

    private static final int IN_TRANSACTION = 1;

    private static final String LOCAL_SESSION = "org.h2.engine.SessionLocal";

    private DriverNotes() {}

    /** The reader of a connection class's notes, from {@link Connection} to {@link TransactionStatus}; null where it has none. */
    static @Nullable MethodHandle reader(Class<?> type) {
        try {
            MethodHandle found = find(type);
            return found == null ? null : found.asType(methodType(TransactionStatus.class, Connection.class));
        } catch (ReflectiveOperationException | LinkageError none) {
            return null;
        }
    }

    /** The dialects of the database that a connection class's driver connects to; none where the driver is not known. */
    static List<SQLDialect> dialects(Class<?> type) {
        for (Class<?> its = type; its != null; its = its.getSuperclass()) {
            for (Map.Entry<String, List<SQLDialect>> driver : DIALECTS.entrySet()) {
                if (its.getName().startsWith(driver.getKey())) {
                    return driver.getValue();
                }
            }
        }
        return List.of();
    }

    /** What a connection that is no driver's says comes before what is below it. */
    private static @Nullable MethodHandle find(Class<?> type) throws ReflectiveOperationException {
        if (ConnectionState.class.isAssignableFrom(type)) {
            return translated("ofName", Enum.class, path(ConnectionState.class, "transactionState"));
        }
        MethodHandle state = path(type, "getTransactionState");
        if (state != null) {
            return tellsStates(state.type().returnType()) ? translated("ofName", Enum.class, state) : null;
        }
        MethodHandle found = translated("ofServerStatus", int.class, path(type, "getContext", "getServerStatus"));
        if (found == null) {
            found = translated(
                    "ofTransaction",
                    boolean.class,
                    path(type, "getSession", "getServerSession", "inTransactionOnServer"));
        }
        return found != null ? found : ofLocalSession(type);
    }

    private static @Nullable MethodHandle ofLocalSession(Class<?> type) throws ReflectiveOperationException {
        MethodHandle session = path(type, "getSession");
        MethodHandle pending = session == null ? null : path(session.type().returnType(), "hasPendingTransaction");
        if (session == null || pending == null || pending.type().returnType() != boolean.class) {
            return null;
        }
        return ofSession(
                session, "ofPending", TransactionStatus.class, pending.asType(methodType(boolean.class, Object.class)));
    }

    /**
     * The reader of the number of the transaction that a connection class has open, from {@link Connection} to an object or null; null
     * where it has none.
     */
    static @Nullable MethodHandle numberReader(Class<?> type) {
        try {
            MethodHandle session = path(type, "getSession");
            Class<?> local = session == null
                    ? null
                    : Class.forName(
                            LOCAL_SESSION, false, session.type().returnType().getClassLoader());
            MethodHandle number = local == null ? null : path(local, "getTransactionId");
            return session == null || number == null
                    ? null
                    : ofSession(
                                    session,
                                    "ofNumber",
                                    Object.class,
                                    number.asType(methodType(Object.class, Object.class)))
                            .asType(methodType(Object.class, Connection.class));
        } catch (ReflectiveOperationException | LinkageError none) {
            return null;
        }
    }

    private static MethodHandle ofSession(MethodHandle session, String by, Class<?> to, MethodHandle asked)
            throws ReflectiveOperationException {
        MethodHandle read =
                lookup().findStatic(DriverNotes.class, by, methodType(to, MethodHandle.class, Object.class));
        return filterReturnValue(
                session,
                insertArguments(read, 0, asked)
                        .asType(methodType(to, session.type().returnType())));
    }

    /** The methods one after the other, each of what the one before returns; null where one is missing. */
    private static @Nullable MethodHandle path(Class<?> type, String... methods) throws IllegalAccessException {
        MethodHandle path = null;
        Class<?> at = type;
        for (String name : methods) {
            MethodHandle next = null;
            try {
                next = publicLookup().unreflect(at.getMethod(name));
            } catch (NoSuchMethodException none) {
                return null;
            }
            path = path == null
                    ? next
                    : filterReturnValue(path, next.asType(methodType(next.type().returnType(), at)));
            at = next.type().returnType();
        }
        return path;
    }

    private static @Nullable MethodHandle translated(String by, Class<?> from, @Nullable MethodHandle path)
            throws ReflectiveOperationException {
        if (path == null || !from.isAssignableFrom(path.type().returnType())) {
            return null;
        }
        MethodHandle translation =
                lookup().findStatic(DriverNotes.class, by, methodType(TransactionStatus.class, from));
        return filterReturnValue(path.asType(path.type().changeReturnType(from)), translation);
    }

    private static boolean tellsStates(Class<?> type) {
        Object[] constants = type.getEnumConstants();
        return constants != null
                && Arrays.stream(constants)
                        .map(constant -> ((Enum<?>) constant).name())
                        .toList()
                        .containsAll(List.of("IDLE", "OPEN", "FAILED"));
    }

    @SuppressWarnings("unused") // a method handle calls it
    private static TransactionStatus ofName(Enum<?> state) {
        return switch (state.name()) {
            case "IDLE" -> TransactionStatus.IDLE;
            case "OPEN" -> TransactionStatus.OPEN;
            case "FAILED", "ABORTED" -> TransactionStatus.ABORTED;
            default -> TransactionStatus.UNKNOWN;
        };
    }

    @SuppressWarnings("unused") // a method handle calls it
    private static TransactionStatus ofServerStatus(int flags) {
        return ofTransaction((flags & IN_TRANSACTION) != 0);
    }

    private static TransactionStatus ofTransaction(boolean isOpen) {
        return isOpen ? TransactionStatus.OPEN : TransactionStatus.IDLE;
    }

    /** A transaction that has changed nothing, or whose changes a savepoint has undone, is open and has nothing pending. */
    @SuppressWarnings("unused") // a method handle calls it
    private static TransactionStatus ofPending(MethodHandle pending, Object session) throws Throwable {
        boolean isPending = isLocal(session) && (boolean) pending.invokeExact(session);
        return isPending ? TransactionStatus.OPEN : TransactionStatus.UNKNOWN;
    }

    /** SQL's NULL where nothing is pending. */
    @SuppressWarnings("unused") // a method handle calls it
    private static @Nullable Object ofNumber(MethodHandle number, Object session) throws Throwable {
        String told = isLocal(session) ? String.valueOf((Object) number.invokeExact(session)) : "NULL";
        return told.equals("NULL") ? null : told;
    }

    private static boolean isLocal(Object session) {
        return session.getClass().getName().equals(LOCAL_SESSION);
    }
}
