package dev.commithooks.engine.boundary;

import java.util.function.Supplier;
import org.jooq.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * A configuration like a transaction's, but outside of it, for hooks that run when it has ended. Derived when a hook asks for
 * it, since most do not and it costs more than all else that a transaction of one row does here.
 */
final class OutsideConfiguration implements Supplier<Configuration> {

    private final Configuration transaction;
    private volatile @Nullable Configuration outside;

    OutsideConfiguration(Configuration transaction) {
        this.transaction = transaction;
    }

    @Override
    public Configuration get() {
        Configuration derived = outside;
        return derived != null ? derived : (outside = OpenLevel.outside(transaction));
    }
}
