package dev.commithooks.seeing;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.CommitHooks;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.spi.HookObserver;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Several observers all see everything, also next to one that throws. */
@Database
class SeveralObserversTest extends ObserverFixture {

    SeveralObserversTest(TestDatabase database) {
        super(database);
    }

    @Test
    void anObserverThatThrowsChangesNothing() {
        HookObserver throwing = (HookObserver) Proxy.newProxyInstance(
                HookObserver.class.getClassLoader(), new Class<?>[] {HookObserver.class}, (proxy, method, args) -> {
                    if (method.getDeclaringClass() == Object.class) {
                        return "a throwing observer";
                    }
                    throw new AssertionError("observer");
                });
        DSLContext dsl = CommitHooks.builder()
                .observer(throwing)
                .observer(new Notes())
                .on(AUTHOR, on -> on.afterCommitInsert((author, ctx) -> {}))
                .build()
                .attachTo(DSL.using(database.pool(1), SQLDialect.POSTGRES));

        dsl.transaction(tx -> author(tx, "a"));

        assertThat(seen).startsWith("begun").endsWith("outcome COMMITTED 1");
        assertThat(database.journal()).hasSize(1);
    }

    @Test
    void andThenPassesOnEverything() {
        List<String> calls = new ArrayList<>();
        HookObserver first = noting("1", calls);
        HookObserver chain = first.andThen(noting("2", calls));

        List<Method> methods = Arrays.stream(HookObserver.class.getMethods())
                .filter(method -> !method.getName().equals("andThen"))
                .toList();
        methods.forEach(method -> {
            try {
                method.invoke(chain, defaults(method.getParameterTypes()));
            } catch (ReflectiveOperationException e) {
                throw new AssertionError(e);
            }
        });

        List<String> expected = new ArrayList<>();
        methods.forEach(method -> expected.addAll(List.of("1 " + method.getName(), "2 " + method.getName())));
        assertThat(calls).isEqualTo(expected);
    }

    private static HookObserver noting(String who, List<String> calls) {
        return (HookObserver) Proxy.newProxyInstance(
                HookObserver.class.getClassLoader(), new Class<?>[] {HookObserver.class}, (proxy, method, args) -> {
                    if (method.getName().equals("andThen")) {
                        return java.lang.reflect.InvocationHandler.invokeDefault(proxy, method, args);
                    }
                    calls.add(who + " " + method.getName());
                    return null;
                });
    }

    private static @Nullable Object[] defaults(Class<?>[] types) {
        return Arrays.stream(types)
                .map(type -> type == int.class ? (Object) 0 : type == boolean.class ? false : null)
                .toArray();
    }
}
