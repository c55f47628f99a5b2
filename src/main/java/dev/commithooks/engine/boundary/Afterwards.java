package dev.commithooks.engine.boundary;

import java.util.function.Supplier;
import org.jooq.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of hooks that run when the transaction has ended: like the transaction's, but outside of it. Derived when a
 * hook asks for it, since most do not and it costs more than all else that a transaction of one row does here.
 */
final class Afterwards implements Supplier<Configuration> {

    private final TransactionBoundary boundary;
    private volatile @Nullable Configuration outside;

    Afterwards(TransactionBoundary boundary) {
        this.boundary = boundary;
    }

    @Override
    public Configuration get() {
        Configuration derived = outside;
        return derived != null ? derived : (outside = boundary.owned().afterwards(boundary.configuration()));
    }
}
