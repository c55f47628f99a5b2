package dev.commithooks.spring.boot;

import dev.commithooks.durable.DeliverySettings;
import dev.commithooks.spi.ConnectionState;
import org.jooq.TransactionProvider;
import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.TypeHint;

/** What a native image must keep for the library itself, whichever hooks there are. */
final class LibraryHints implements RuntimeHintsRegistrar {

    private static final String DRIVER = "org.postgresql.jdbc.PgConnection";

    LibraryHints() {}

    @Override
    public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
        hints.reflection()
                .registerType(TransactionProvider.class, MemberCategory.INVOKE_PUBLIC_METHODS)
                .registerType(ConnectionState.class, MemberCategory.INVOKE_PUBLIC_METHODS)
                .registerTypeIfPresent(classLoader, DRIVER, LibraryHints::transactionState);
        hints.resources()
                .registerPattern(DeliverySettings.class.getPackageName().replace('.', '/') + "/*.sql");
    }

    /** The driver's own word on its transaction. */
    private static void transactionState(TypeHint.Builder driver) {
        driver.withMethod("getTransactionState", java.util.List.of(), ExecutableMode.INVOKE);
    }
}
