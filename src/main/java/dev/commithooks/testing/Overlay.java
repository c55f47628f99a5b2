package dev.commithooks.testing;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A JDBC object that answers some methods itself, by public methods of the same name and parameters, and passes the others on.
 * JDBC's interfaces have some hundred methods each, of which a handful matter here.
 */
abstract class Overlay {

    private record Signature(String name, List<Class<?>> parameters) {
        static Signature of(Method method) {
            return new Signature(method.getName(), List.of(method.getParameterTypes()));
        }
    }

    private static final ClassValue<Map<Signature, Method>> OWN = new ClassValue<>() {
        @Override
        protected Map<Signature, Method> computeValue(Class<?> type) {
            Map<Signature, Method> own = new HashMap<>();
            for (Class<?> declaring = type; declaring != Overlay.class; declaring = declaring.getSuperclass()) {
                Stream.of(declaring.getDeclaredMethods())
                        .filter(method -> Modifier.isPublic(method.getModifiers()))
                        .forEach(method -> own.putIfAbsent(Signature.of(method), method));
            }
            return own;
        }
    };

    /** What a method is passed on to, when this object does not answer it itself. */
    abstract @Nullable Object passOn(Method method, @Nullable Object @Nullable [] arguments) throws Throwable;

    /** This object as one of the given interfaces. */
    final <T> T as(Class<T> type, Class<?>... more) {
        Class<?>[] interfaces = Stream.concat(Stream.of(type), Stream.of(more)).toArray(Class<?>[]::new);
        return type.cast(Proxy.newProxyInstance(
                Overlay.class.getClassLoader(),
                interfaces,
                (proxy, method, arguments) ->
                        isIdentity(method) ? identity(proxy, method, arguments) : call(method, arguments)));
    }

    private @Nullable Object call(Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
        Method own = OWN.get(getClass()).get(Signature.of(method));
        return own == null ? passOn(method, arguments) : invoke(own, this, arguments);
    }

    private static boolean isIdentity(Method method) {
        return method.getDeclaringClass() == Object.class && !method.getName().equals("toString");
    }

    private static Object identity(Object proxy, Method method, @Nullable Object @Nullable [] arguments) {
        return method.getName().equals("equals")
                ? arguments != null && proxy == arguments[0]
                : System.identityHashCode(proxy);
    }

    /** Invokes a method, and throws what it throws. */
    static @Nullable Object invoke(Method method, Object target, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    /** The first argument, if it is a text of SQL. */
    static @Nullable String sql(@Nullable Object @Nullable [] arguments) {
        return arguments != null && arguments.length > 0 && arguments[0] instanceof String sql ? sql : null;
    }
}
