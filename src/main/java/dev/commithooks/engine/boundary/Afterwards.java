package dev.commithooks.engine.boundary;

import dev.commithooks.spi.OwnedTransaction;
import java.util.function.Supplier;
import org.jooq.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of hooks that run when the transaction has ended: like the transaction's, but outside of it. Derived when a
 * hook asks for it, since most do not and it costs more than all else that a transaction of one row does here.
 */
final class Afterwards implements Supplier<Configuration> {

    private final OwnedTransaction transaction;
    private final Configuration inside;
    private volatile @Nullable Configuration outside;

    Afterwards(OwnedTransaction transaction, Configuration inside) {
        this.transaction = transaction;
        this.inside = inside;
    }

    @Override
    public Configuration get() {
        Configuration derived = outside;
        return derived != null ? derived : (outside = transaction.afterwards(inside));
    }
}
