package dev.commithooks.faults;

import static dev.commithooks.faults.Told.owners;
import static dev.commithooks.faults.Told.store;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.zaxxer.hikari.HikariDataSource;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.ExecuteListener;
import org.jooq.RecordListener;
import org.jooq.TransactionListener;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Somebody else's listener throws, at whatever point: hooks are still told what the database holds. */
@Database
class ForeignListenerTest {

    private final TestDatabase database;
    private final HikariDataSource pool;
    private final Told told = new Told();
    private final AtomicBoolean throwing = new AtomicBoolean();

    ForeignListenerTest(TestDatabase database) {
        this.database = database;
        this.pool = database.pool(2);
    }

    /** Every callback of every kind of listener, by an exception and by an Error. */
    static Stream<Arguments> callbacks() {
        return Stream.of(TransactionListener.class, ExecuteListener.class, RecordListener.class)
                .flatMap(type -> Arrays.stream(type.getMethods()))
                .filter(method -> method.isDefault() && method.getReturnType() == void.class)
                .filter(method -> !isOfRollback(method))
                .flatMap(method -> Stream.of(
                        Arguments.of(method, new IllegalStateException("listener")),
                        Arguments.of(method, new StackOverflowError("listener"))));
    }

    /** They skip jOOQ's own rollback, see the limits in the manual. */
    private static boolean isOfRollback(Method method) {
        return method.getName().equals("rollbackStart");
    }

    @ParameterizedTest
    @MethodSource("callbacks")
    void listenerThatThrowsMakesNoHookLie(Method callback, Throwable failure) {
        DSLContext dsl = dslWith(callback, failure);
        throwing.set(true);

        catchThrowable(() -> dsl.transaction(tx -> {
            store(tx, "ann");
            tx.dsl().transaction(nested -> store(nested, "bob"));
        }));
        throwing.set(false);

        assertAgreement(dsl);
    }

    @ParameterizedTest
    @MethodSource("callbacks")
    void listenerThatThrowsWhileRollingBackMakesNoHookLie(Method callback, Throwable failure) {
        DSLContext dsl = dslWith(callback, failure);

        catchThrowable(() -> dsl.transaction(tx -> {
            store(tx, "ann");
            catchThrowable(() -> tx.dsl().transaction(nested -> {
                store(nested, "bob");
                throwing.set(true);
                throw new IllegalStateException("nested");
            }));
            throw new IllegalStateException("work");
        }));
        throwing.set(false);

        assertAgreement(dsl);
    }

    private void assertAgreement(DSLContext dsl) {
        List<String> after = told.events().stream()
                .filter(event -> event.startsWith("after INSERT"))
                .map(event -> event.substring("after INSERT ".length()))
                .toList();
        assertThat(after).containsExactlyElementsOf(owners(database));
        assertThat(told.events())
                .filteredOn(event -> !event.startsWith("before"))
                .doesNotHaveDuplicates();
        assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();

        dsl.transaction(tx -> store(tx, "next"));

        assertThat(owners(database)).contains("next");
        assertThat(told.events()).endsWith("before INSERT next", "after INSERT next");
    }

    private DSLContext dslWith(Method callback, Throwable failure) {
        Object listener = Proxy.newProxyInstance(
                callback.getDeclaringClass().getClassLoader(),
                new Class<?>[] {callback.getDeclaringClass()},
                (proxy, method, arguments) -> {
                    if (throwing.get() && method.equals(callback)) {
                        throw failure;
                    }
                    return answer(proxy, method, arguments);
                });
        Configuration configuration = database.configuration().set(pool);
        if (listener instanceof TransactionListener transactionListener) {
            configuration.set(transactionListener);
        } else if (listener instanceof ExecuteListener executeListener) {
            configuration.set(executeListener);
        } else {
            configuration.set((RecordListener) listener);
        }
        return told.attachTo(configuration.dsl());
    }

    private static @Nullable Object answer(Object proxy, Method method, Object[] arguments)
            throws InvocationTargetException, IllegalAccessException {
        return switch (method.getName()) {
            case "hashCode" -> System.identityHashCode(proxy);
            case "equals" -> proxy == arguments[0];
            case "toString" -> "foreign listener";
            default -> null;
        };
    }
}
