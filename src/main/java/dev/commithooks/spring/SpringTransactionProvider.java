package dev.commithooks.spring;

import java.util.Objects;
import org.jooq.TransactionContext;
import org.jooq.TransactionProvider;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.DefaultTransactionDefinition;

/** jOOQ's transactions as Spring's: nested in the one that is open. */
final class SpringTransactionProvider implements TransactionProvider {

    private static final TransactionDefinition NESTED =
            new DefaultTransactionDefinition(TransactionDefinition.PROPAGATION_NESTED);

    private final PlatformTransactionManager manager;

    SpringTransactionProvider(PlatformTransactionManager manager) {
        this.manager = manager;
    }

    private record Begun(TransactionStatus status) implements org.jooq.Transaction {}

    @Override
    public void begin(TransactionContext ctx) {
        ctx.transaction(new Begun(manager.getTransaction(NESTED)));
    }

    @Override
    public void commit(TransactionContext ctx) {
        manager.commit(Objects.requireNonNull((Begun) ctx.transaction()).status());
    }

    /** jOOQ rolls back whatever throws, what is committed too: an exception of after hooks leaves nothing to be done. */
    @Override
    public void rollback(TransactionContext ctx) {
        if (!(ctx.transaction() instanceof Begun begun) || begun.status().isCompleted()) {
            return;
        }
        if (manager instanceof HookedTransactionManager hooked) {
            hooked.rollback(begun.status(), ctx.causeThrowable());
        } else {
            manager.rollback(begun.status());
        }
    }

    @Override
    public String toString() {
        return "transactions of " + manager;
    }
}
