package dev.commithooks.engine.jooq;

import java.lang.reflect.Method;
import java.util.Set;
import org.jooq.TransactionProvider;
import org.jspecify.annotations.Nullable;

/** What jOOQ 3.21 knows of a provider's default transaction properties, reached without compiling against it. */
final class TransactionProperties {

    private static final @Nullable Method PROPERTIES = find();

    private TransactionProperties() {}

    private static @Nullable Method find() {
        for (Method method : TransactionProvider.class.getMethods()) {
            if (method.getName().equals("properties") && method.getParameterCount() == 0) {
                return method;
            }
        }
        return null;
    }

    /** The provider's default properties; none before jOOQ 3.21. */
    static Set<?> of(@Nullable TransactionProvider provider) {
        if (provider == null || PROPERTIES == null) {
            return Set.of();
        }
        try {
            return (Set<?>) PROPERTIES.invoke(provider);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("The transaction properties of " + provider + " cannot be read", e);
        }
    }
}
