package dev.commithooks;

import dev.commithooks.engine.boundary.Level;
import dev.commithooks.engine.jooq.Engine;
import dev.commithooks.engine.options.Request;
import dev.commithooks.engine.options.RequestedTransaction;
import dev.commithooks.policy.RetryPolicy;
import dev.commithooks.policy.RolledBackRecords;
import dev.commithooks.row.Attachment;
import dev.commithooks.transaction.IsolationLevel;
import dev.commithooks.transaction.Propagation;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.TransactionalCallable;
import org.jooq.TransactionalRunnable;
import org.jooq.UpdatableRecord;
import org.jspecify.annotations.Nullable;

/**
 * A transaction with options that {@code dsl.transaction(...)} does not have; it fires the same hooks.
 *
 * <pre>{@code
 * Transactions.with(dsl)
 *         .isolation(SERIALIZABLE)
 *         .retry(RetryPolicy.attempts(5))
 *         .run(tx -> transfer(tx, from, to, amount));
 * }</pre>
 *
 * <p>Whether a transaction is open already is decided by the configuration given. Options that only a begin can bring about
 * (isolation, read-only, deferrable, retry) are refused where the block joins a transaction or is a savepoint in it.
 * Exceptions reach the caller as they do from {@code dsl.transaction}. Immutable and thread-safe: may be kept and run often.
 */
public final class Transactions {

    private final Engine engine;
    private final Configuration configuration;
    private final Request request;
    private final List<UpdatableRecord<?>> records;

    private Transactions(
            Engine engine, Configuration configuration, Request request, List<UpdatableRecord<?>> records) {
        this.engine = engine;
        this.configuration = configuration;
        this.request = request;
        this.records = records;
    }

    /**
     * Transactions of the {@link DSLContext}; in an open one, give that one's.
     *
     * @throws IllegalStateException when it has no commit hooks
     */
    public static Transactions with(DSLContext dsl) {
        return with(Objects.requireNonNull(dsl, "dsl").configuration());
    }

    /** Transactions of the configuration, see {@link #with(DSLContext)}. */
    public static Transactions with(Configuration configuration) {
        return new Transactions(CommitHooks.engineOf(configuration), configuration, Request.PLAIN, List.of());
    }

    private Transactions with(Request other) {
        return new Transactions(engine, configuration, other, records);
    }

    /** Sets the isolation level, for this transaction only. */
    public Transactions isolation(IsolationLevel level) {
        return with(request.isolation(Objects.requireNonNull(level, "isolation")));
    }

    /** Lets the database refuse all writes of this transaction. */
    public Transactions readOnly() {
        return with(request.asReadOnly());
    }

    /** Lets a serializable, read-only transaction wait for a snapshot with which it cannot fail. */
    public Transactions deferrable() {
        return with(request.asDeferrable());
    }

    /**
     * Names the transaction, or the savepoint, for hooks, observers and messages. A block that joins a transaction leaves that
     * one's name alone.
     */
    public Transactions name(String name) {
        if (Objects.requireNonNull(name, "name").isBlank()) {
            throw new IllegalArgumentException("A transaction's name must not be empty; leave name(...) out");
        }
        return with(request.name(name));
    }

    /** The relation to a transaction that is open on the configuration given; {@link Propagation#NESTED} by default. */
    public Transactions propagation(Propagation propagation) {
        return with(request.propagation(Objects.requireNonNull(propagation, "propagation")));
    }

    /**
     * Runs the block again, in a new transaction, when this one lost against others. Its effects outside must bear that. Records
     * that it writes begin each attempt as they were before their first write in the last one, unless {@link
     * RolledBackRecords#LEFT_ALONE} is asked for; those that it changes before it writes them are to be named, see {@link #records}.
     */
    public Transactions retry(RetryPolicy policy) {
        return with(request.retry(Objects.requireNonNull(policy, "retry")));
    }

    /** What becomes of the records that this transaction has written when it, or a savepoint in it, is rolled back. */
    public Transactions rolledBackRecords(RolledBackRecords policy) {
        return with(request.rolledBackRecords(Objects.requireNonNull(policy, "rolledBackRecords")));
    }

    /**
     * Names records from outside that the block changes. They belong to the transaction while the block runs, and are what they
     * were when it began, values, changed flags and all, as soon as its transaction, savepoint or attempt is rolled back, before
     * failed hooks run: a retry begins with them as the first attempt did, and {@code store()} writes again what was not
     * committed. Where a commit is in doubt they are left alone.
     *
     * <pre>{@code
     * Transactions.with(dsl).retry(RetryPolicy.attempts(5)).records(account).run(tx -> {
     *     account.refresh();
     *     account.setBalance(account.getBalance().subtract(amount));
     *     account.store();
     * });
     * }</pre>
     *
     * <p>A record that is not named can be restored to what it was before its first write, not before its first change, of which
     * jOOQ tells nobody: in the example, each attempt would subtract once more. What the application changed before the
     * rollback goes back too, written or not. Values are not copied: an array altered in place stays altered. The records are for
     * one thread, so keep the {@code Transactions} from before this call.
     */
    public Transactions records(UpdatableRecord<?>... named) {
        List<UpdatableRecord<?>> all = new ArrayList<>(records);
        all.addAll(List.of(named));
        return new Transactions(engine, configuration, request, List.copyOf(all));
    }

    /** Runs the block in its transaction. */
    public void run(TransactionalRunnable block) {
        Objects.requireNonNull(block, "block");
        call(tx -> {
            block.run(tx);
            return null;
        });
    }

    /** Runs the block in its transaction, and returns what it returns. */
    public <T extends @Nullable Object> T call(TransactionalCallable<T> block) {
        Objects.requireNonNull(block, "block");
        return new RequestedTransaction(engine, configuration, request)
                .call(records.isEmpty() ? block : tx -> callWithRecords(tx, block));
    }

    private <T extends @Nullable Object> T callWithRecords(Configuration tx, TransactionalCallable<T> block)
            throws Throwable {
        Level level = engine.lookup().entered(tx);
        if (level == null) {
            throw new IllegalStateException(
                    "records(...) needs a transaction whose rollback could restore them, and with " + request
                            + " there is none; nothing was run. Leave it out.");
        }
        List<Attachment> before = Attachment.of(records);
        for (UpdatableRecord<?> row : records) {
            row.attach(tx);
            level.boundary().scope().remember(row, tx.settings());
        }
        try {
            return block.run(tx);
        } finally {
            before.forEach(Attachment::restore);
        }
    }

    /**
     * Opens a session whose transactions are like this: isolation, read-only, deferrable and name. To be closed by the caller.
     *
     * @throws IllegalStateException when a retry, a propagation or records are asked for, which a session cannot have, or an option that
     *     only a begin can bring about in an open transaction
     */
    public TransactionSession open() {
        if (!records.isEmpty()) {
            throw new IllegalStateException(
                    "A session's transactions end when told, so it cannot say what records(...) are to"
                            + " go back to; nothing was opened. Leave it out, or run blocks.");
        }
        boolean isNested = engine.lookup().current(configuration) != null;
        return new TransactionSession(engine, configuration, request.ofSession(configuration, isNested));
    }

    @Override
    public String toString() {
        return "transactions with " + request;
    }
}
