package dev.commithooks.jta;

import dev.commithooks.transaction.TransactionAbortedException;
import jakarta.transaction.TransactionManager;
import java.util.Objects;
import org.jooq.TransactionContext;
import org.jooq.TransactionProvider;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;

/** jOOQ's transactions as JTA's: one of their own, or in one that is open a savepoint, which JTA does not know, by SQL. */
final class JtaTransactionProvider implements TransactionProvider {

    private final TransactionManager manager;
    private final KnownTransactions transactions;

    JtaTransactionProvider(TransactionManager manager, KnownTransactions transactions) {
        this.manager = manager;
        this.transactions = transactions;
    }

    /** What was begun: a savepoint, or a transaction where it has none. */
    private static final class Begun implements org.jooq.Transaction {

        private final @Nullable String savepoint;
        private boolean isOver;

        Begun(@Nullable String savepoint) {
            this.savepoint = savepoint;
        }
    }

    @Override
    public void begin(TransactionContext ctx) {
        JtaTransaction enclosing = transactions.ofThread();
        if (enclosing == null) {
            transactions.call(() -> manager.begin());
            ctx.transaction(new Begun(null));
            return;
        }
        String savepoint = enclosing.nextSavepoint();
        try {
            ctx.configuration().dsl().execute("savepoint " + savepoint);
        } catch (DataAccessException refused) {
            if (DatabasePart.IN_FAILED_SQL_TRANSACTION.equals(refused.sqlState())) {
                throw refused;
            }
            throw new DataAccessException(
                    "A nested transaction in a JTA transaction is a savepoint, set by SQL, which the database refused;"
                            + " nothing of it was run. " + enclosing
                            + " goes on. Run the block without one of its own.",
                    refused);
        }
        ctx.transaction(new Begun(savepoint));
    }

    @Override
    public void commit(TransactionContext ctx) {
        Begun begun = (Begun) Objects.requireNonNull(ctx.transaction());
        if (begun.savepoint != null) {
            release(ctx, begun.savepoint);
            return;
        }
        begun.isOver = true;
        JtaTransaction ending = transactions.onThread(); // whose end, if it has timed out, the manager tells
        if (ending != null && ending.isMarked()) {
            transactions.rollBackAsAsked(ending);
            return;
        }
        try {
            transactions.call(() -> manager.commit());
        } catch (TransactionAbortedException ofHooks) {
            if (ending == null || !ending.isMarked() || ofHooks != ending.veto()) {
                throw ofHooks;
            }
        }
    }

    private static void release(TransactionContext ctx, String savepoint) {
        try {
            ctx.configuration().dsl().execute("release savepoint " + savepoint);
        } catch (DataAccessException refused) {
            if (DatabasePart.IN_FAILED_SQL_TRANSACTION.equals(refused.sqlState())) {
                throw new TransactionAbortedException(
                        "A nested transaction IS rolled back: an error of a statement had aborted it and was swallowed. Let"
                                + " the exception out of it.",
                        refused);
            }
            throw refused;
        }
    }

    /** jOOQ rolls back whatever throws, what is committed too: an exception of after hooks leaves nothing to be done. */
    @Override
    public void rollback(TransactionContext ctx) {
        if (!(ctx.transaction() instanceof Begun begun) || begun.isOver) {
            return;
        }
        begun.isOver = true;
        if (begun.savepoint == null) {
            JtaTransaction failed = transactions.onThread();
            if (failed != null && ctx.cause() != null) {
                failed.blockFailed(ctx.cause());
            }
            transactions.call(() -> manager.rollback());
        } else {
            rollBackTo(begun.savepoint, ctx);
        }
    }

    /** What could not be rolled back must not be committed. */
    private void rollBackTo(String savepoint, TransactionContext ctx) {
        try {
            ctx.configuration().dsl().execute("rollback to savepoint " + savepoint);
        } catch (DataAccessException failure) {
            JtaTransaction enclosing = transactions.onThread();
            if (enclosing != null) {
                transactions.call(() -> enclosing.transaction().setRollbackOnly());
            }
            throw failure;
        }
    }

    @Override
    public String toString() {
        return "JTA transactions";
    }
}
