package dev.commithooks;

import dev.commithooks.engine.jooq.Engine;
import dev.commithooks.engine.jooq.HookedThreadLocalTransactionProvider;
import dev.commithooks.engine.registry.HookedTable;
import dev.commithooks.hook.CurrentTransaction;
import dev.commithooks.policy.Recording;
import java.util.Objects;
import java.util.Optional;
import org.jooq.Configuration;
import org.jooq.ConnectionProvider;
import org.jooq.DSLContext;
import org.jooq.Table;
import org.jooq.impl.ThreadLocalTransactionProvider;

/**
 * Hooks that fire when rows were written and the transaction really committed.
 *
 * <p>Made once by {@link #builder()}, attached once to each {@link DSLContext} or {@link Configuration} whose transactions
 * are to fire them. Immutable and thread-safe.
 */
public final class CommitHooks {

    private final Engine engine;

    CommitHooks(Engine engine) {
        this.engine = engine;
    }

    /** A builder for hooks. */
    public static CommitHooksBuilder builder() {
        return new CommitHooksBuilder();
    }

    /**
     * A {@link DSLContext} like the one given whose transactions fire these hooks. Use only the one returned: the one given
     * stays as it was, and fires nothing.
     *
     * <p>An explicitly set transaction provider stays and is delegated to. Where none is set, the connection provider is
     * looked up when a transaction begins.
     *
     * @throws IllegalStateException when it has commit hooks already
     * @throws IllegalArgumentException when it is one whose commits cannot be seen: R2DBC, Spring's, or a thread-local
     *     provider that is not ours; or a database that is none of those the hooks are tested on, see
     *     {@link dev.commithooks.policy.UnprovenDatabase}
     */
    public DSLContext attachTo(DSLContext dsl) {
        return attachTo(Objects.requireNonNull(dsl, "dsl").configuration()).dsl();
    }

    /** A configuration like the one given whose transactions fire these hooks; see {@link #attachTo(DSLContext)}. */
    public Configuration attachTo(Configuration configuration) {
        return engine.installation().copyOf(Objects.requireNonNull(configuration, "configuration"));
    }

    /** Does what {@link #attachTo(Configuration)} does to the configuration itself. */
    public void install(Configuration configuration) {
        engine.installation().into(Objects.requireNonNull(configuration, "configuration"));
    }

    /**
     * The transaction that the configuration is in: {@code current(tx)} in {@code dsl.transaction(tx -> ...)}. Outside a
     * transaction, one that takes only {@code onCommit} callbacks, see
     * {@link dev.commithooks.policy.OutsideTransaction}.
     *
     * @throws IllegalStateException when the configuration has no commit hooks
     */
    public static CurrentTransaction current(Configuration configuration) {
        Engine engine = engineOf(configuration);
        return new ConfiguredTransaction(engine, configuration);
    }

    /** The transaction that the {@link DSLContext} is in, see {@link #current(Configuration)}. */
    public static CurrentTransaction current(DSLContext dsl) {
        return current(Objects.requireNonNull(dsl, "dsl").configuration());
    }

    /**
     * Opens a session that commits as it goes, on a connection of its own, or, given the {@link DSLContext} of an open
     * transaction, on savepoints in that. To be closed by the caller.
     *
     * @throws IllegalStateException when the {@link DSLContext} does not have these hooks, or has a transaction provider of its
     *     own that owns the connections
     */
    public TransactionSession open(DSLContext dsl) {
        Configuration configuration = Objects.requireNonNull(dsl, "dsl").configuration();
        if (engineOf(configuration) != engine) {
            throw new IllegalStateException(
                    "This DSLContext has other commit hooks: open the session with the CommitHooks whose"
                            + " attachTo(...) returned it");
        }
        return new TransactionSession(engine, configuration, null);
    }

    /**
     * A transaction provider that binds each transaction to its thread, for {@code dsl.transaction(() -> ...)}: jOOQ's own
     * with hooks. Set it on a configuration, then {@link #attachTo(Configuration)}.
     */
    public static ThreadLocalTransactionProvider threadLocalTransactionProvider(ConnectionProvider connectionProvider) {
        return new HookedThreadLocalTransactionProvider(
                Objects.requireNonNull(connectionProvider, "connectionProvider"), true);
    }

    /** The registered hooks by table and method, in the order of calls, and the policies; to be read by people. */
    public String explain() {
        return overview().toString();
    }

    /** The text of {@link #explain()}, as data. */
    public HookOverview overview() {
        return new Explanation(engine).overview();
    }

    /**
     * What {@link #explain()} says, and what is known of the transactions and the driver of a {@link DSLContext}; takes a
     * connection for that.
     *
     * @throws IllegalStateException when the {@link DSLContext} does not have these hooks
     */
    public String explain(DSLContext dsl) {
        Configuration configuration = Objects.requireNonNull(dsl, "dsl").configuration();
        if (engineOf(configuration) != engine) {
            throw new IllegalStateException(
                    "This DSLContext has other commit hooks: ask the CommitHooks whose attachTo(...)" + " returned it");
        }
        return new Explanation(engine).ofHooksOn(configuration);
    }

    /**
     * Which writes to the table the configuration's hooks hear of; empty when it has no hook for the table.
     *
     * @throws IllegalStateException when the configuration has no commit hooks
     */
    public static Optional<Recording> recordingOf(Configuration configuration, Table<?> table) {
        return Optional.ofNullable(engineOf(configuration).registry().find(Objects.requireNonNull(table, "table")))
                .map(HookedTable::recording);
    }

    static Engine engineOf(Configuration configuration) {
        Engine engine = Engine.of(Objects.requireNonNull(configuration, "configuration"));
        if (engine == null) {
            throw new IllegalStateException("This configuration has no commit hooks: use the one returned by"
                    + " CommitHooks.attachTo(...), or one derived from it");
        }
        return engine;
    }

    Engine engine() {
        return engine;
    }
}
