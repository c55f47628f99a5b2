package dev.commithooks;

import dev.commithooks.hook.CommitHook;
import dev.commithooks.hook.DurableCallback;
import dev.commithooks.hook.HookOptions;
import dev.commithooks.policy.AfterCommitErrors;
import dev.commithooks.policy.BucketMode;
import dev.commithooks.policy.Bypass;
import dev.commithooks.policy.Cascade;
import dev.commithooks.policy.FailedHooks;
import dev.commithooks.policy.LargeStatements;
import dev.commithooks.policy.OldRows;
import dev.commithooks.policy.OutsideTransaction;
import dev.commithooks.policy.Recording;
import dev.commithooks.policy.RolledBackRecords;
import dev.commithooks.policy.TransactionDefaults;
import dev.commithooks.policy.UnprovenDatabase;
import dev.commithooks.spi.CommitParticipant;
import dev.commithooks.spi.DurableDelivery;
import dev.commithooks.spi.HookInterceptor;
import dev.commithooks.spi.HookObserver;
import dev.commithooks.spi.OutcomeResolver;
import dev.commithooks.spi.TransactionOwner;
import java.util.Objects;
import java.util.function.Consumer;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.TableRecord;

/**
 * Collects hooks and policies for a {@link CommitHooks}. Used by one thread, once: after {@link #build()} every call is an
 * {@link IllegalStateException}.
 */
public final class CommitHooksBuilder {

    private final Registrations registrations = new Registrations();
    private final Settings settings = new Settings();
    private boolean built;

    CommitHooksBuilder() {}

    /**
     * Registers a hook for a table; an alias means its table. In messages it is called by its class.
     *
     * @throws IllegalArgumentException when the hook overrides no method, or none that could fire for the table, or if this very
     *     object is registered for the table already
     */
    public <R extends Record> CommitHooksBuilder register(Table<R> table, CommitHook<? super R> hook) {
        return register(table, hook, HookOptions.defaults());
    }

    /**
     * Registers a hook for a table, with a name, an order, or durable.
     *
     * @throws IllegalArgumentException as without options; and if it is durable and has no after method, or a name that another
     *     durable hook has
     */
    public <R extends Record> CommitHooksBuilder register(
            Table<R> table, CommitHook<? super R> hook, HookOptions options) {
        registrations().add(table, hook, options);
        return this;
    }

    /**
     * Registers lambdas for a table: {@code on(BOOK, on -> on.afterCommitInsert((book, ctx) -> ...))}. In messages they are called
     * by the class they are written in.
     *
     * @throws IllegalArgumentException when none was given, or as {@link #register(Table, CommitHook)}
     */
    public <R extends Record> CommitHooksBuilder on(Table<R> table, Consumer<HookLambdas<R>> lambdas) {
        return on(table, HookOptions.defaults(), lambdas);
    }

    /**
     * Registers lambdas for a table, as one hook with a name, an order, or durable:
     * {@code on(BOOK, HookOptions.named("mail"), on -> on.afterCommitInsert((book, ctx) -> ...))}.
     *
     * @throws IllegalArgumentException when none was given, or as {@link #register(Table, CommitHook, HookOptions)}
     */
    public <R extends Record> CommitHooksBuilder on(
            Table<R> table, HookOptions options, Consumer<HookLambdas<R>> lambdas) {
        registrations().add(table, options, lambdas);
        return this;
    }

    /** Registers a hook for every table but those named. */
    public CommitHooksBuilder registerAll(CommitHook<? super TableRecord<?>> hook, Table<?>... except) {
        return registerAll(hook, HookOptions.defaults(), except);
    }

    /**
     * Registers a hook, with a name or an order, for every table but those named.
     *
     * @throws IllegalArgumentException when it is durable: a node that delivers must know whose rows it reads
     */
    public CommitHooksBuilder registerAll(
            CommitHook<? super TableRecord<?>> hook, HookOptions options, Table<?>... except) {
        registrations().addForAllBut(except, hook, options);
        return this;
    }

    /** The folding of several writes of one row into changes; {@link BucketMode#BUCKETED} by default. */
    public CommitHooksBuilder buckets(BucketMode mode) {
        settings().buckets = Objects.requireNonNull(mode, "mode");
        return this;
    }

    /** The hooks of rows that before hooks write; {@link Cascade#once()} by default. */
    public CommitHooksBuilder cascade(Cascade policy) {
        settings().cascade = Objects.requireNonNull(policy, "policy");
        return this;
    }

    /** The failures that failed hooks are called for; {@link FailedHooks#ON_EVERY_FAILURE} by default. */
    public CommitHooksBuilder failedHooks(FailedHooks policy) {
        settings().failedHooks = Objects.requireNonNull(policy, "policy");
        return this;
    }

    /** The fate of exceptions of after and in-doubt hooks; {@link AfterCommitErrors#THROW} by default. */
    public CommitHooksBuilder afterCommitErrors(AfterCommitErrors policy) {
        settings().afterCommitErrors = Objects.requireNonNull(policy, "policy");
        return this;
    }

    /** The treatment of statements and callbacks outside transactions; {@link OutsideTransaction#RUN_NOW} by default. */
    public CommitHooksBuilder outsideTransaction(OutsideTransaction policy) {
        settings().outsideTransaction = Objects.requireNonNull(policy, "policy");
        return this;
    }

    /** The treatment of DML whose rows cannot be recorded; {@link Bypass#WARN} by default. */
    public CommitHooksBuilder bypass(Bypass policy) {
        settings().bypass = Objects.requireNonNull(policy, "policy");
        return this;
    }

    /** The isolation level and the retries of transactions that say none; the database's level and no retry by default. */
    public CommitHooksBuilder transactionDefaults(TransactionDefaults defaults) {
        settings().transactionDefaults = Objects.requireNonNull(defaults, "defaults");
        return this;
    }

    /**
     * What becomes of records that were written in what is rolled back; {@link RolledBackRecords#RESTORED_IN_RETRIES} by default.
     * Remembering one costs about 90 bytes until the transaction ends, and a record listener in it where there is none.
     */
    public CommitHooksBuilder rolledBackRecords(RolledBackRecords policy) {
        settings().rolledBackRecords = Objects.requireNonNull(policy, "policy");
        return this;
    }

    /** The source of old rows, for all tables not named otherwise; {@link OldRows#FROM_RECORD} by default. */
    public CommitHooksBuilder oldRows(OldRows policy) {
        settings().oldRows = Objects.requireNonNull(policy, "policy");
        return this;
    }

    /** The source of one table's old rows. */
    public CommitHooksBuilder oldRows(Table<?> table, OldRows policy) {
        settings().oldRowsByTable.put(Registrations.base(table), Objects.requireNonNull(policy, "policy"));
        return this;
    }

    /** The writes that are recorded, for all tables not named otherwise; {@link Recording#STATEMENTS} by default. */
    public CommitHooksBuilder recording(Recording policy) {
        settings().recording = Objects.requireNonNull(policy, "policy");
        return this;
    }

    /** The writes to one table that are recorded. */
    public CommitHooksBuilder recording(Table<?> table, Recording policy) {
        settings().recordingByTable.put(Registrations.base(table), Objects.requireNonNull(policy, "policy"));
        return this;
    }

    /**
     * Leaves columns of a table out of its rows' images, blobs for instance, so that they are neither fetched nor kept: {@code
     * row()} and {@code oldRow()} have null there, {@code knows(field)} and its siblings say that nothing is known, and such a column
     * is never among the changed ones.
     *
     * @throws IllegalArgumentException for a column of the primary key, by which rows are recognised, or of another table
     */
    public CommitHooksBuilder leaveOut(Table<?> table, Field<?>... fields) {
        settings().leaveOut(Registrations.base(table), fields);
        return this;
    }

    /**
     * The rows of a statement that are recorded one by one, and kept until its transaction ends, at about half a kilobyte each; 100,000
     * by default, and in a JDBC batch one more for each set of bind values.
     *
     * @throws IllegalArgumentException when it is not positive
     */
    public CommitHooksBuilder statementLimit(int rows) {
        settings().statementLimit(rows);
        return this;
    }

    /** The fate of statements that write more rows than that; {@link LargeStatements#ROLLED_BACK} by default. */
    public CommitHooksBuilder largeStatements(LargeStatements policy) {
        settings().largeStatements = Objects.requireNonNull(policy, "policy");
        return this;
    }

    /** The fate of such statements on one table. */
    public CommitHooksBuilder largeStatements(Table<?> table, LargeStatements policy) {
        settings().largeStatementsByTable.put(Registrations.base(table), Objects.requireNonNull(policy, "policy"));
        return this;
    }

    /** The resolver of commits in doubt; by default there is none, and they stay in doubt. */
    public CommitHooksBuilder outcomeResolver(OutcomeResolver outcomeResolver) {
        settings().resolver = Objects.requireNonNull(outcomeResolver, "outcomeResolver");
        return this;
    }

    /** The treatment of a database on which the hooks' promises are not tested; {@link UnprovenDatabase#REFUSE} by default. */
    public CommitHooksBuilder unprovenDatabase(UnprovenDatabase policy) {
        settings().unprovenDatabase = Objects.requireNonNull(policy, "policy");
        return this;
    }

    /** Adds an owner of transactions that jOOQ does not begin: those of an application framework. Asked in the order added. */
    public CommitHooksBuilder owner(TransactionOwner owner) {
        settings().owners.add(Objects.requireNonNull(owner, "owner"));
        return this;
    }

    /** Adds a participant in each commit that has something to tell; they take part in the order added. */
    public CommitHooksBuilder participant(CommitParticipant participant) {
        settings().participants.add(Objects.requireNonNull(participant, "participant"));
        registrations.addForRecordingOnly(participant);
        return this;
    }

    /**
     * The delivery of durable hooks: what stores with a transaction what they are to be called with, and calls them.
     *
     * @see dev.commithooks.hook.HookOptions#durable(String)
     */
    public CommitHooksBuilder durable(DurableDelivery durableDelivery) {
        settings().delivery = Objects.requireNonNull(durableDelivery, "durableDelivery");
        return this;
    }

    /**
     * Registers a durable callback: it is called with the texts that transactions hand over to its name.
     *
     * @see dev.commithooks.hook.CurrentTransaction#handOver
     */
    public CommitHooksBuilder durableCallback(String name, DurableCallback callback) {
        registrations().durable().add(name, callback);
        return this;
    }

    /** Adds an observer; several see everything in the order they were added. */
    public CommitHooksBuilder observer(HookObserver another) {
        settings().add(Objects.requireNonNull(another, "observer"));
        return this;
    }

    /** Sets what stands around the calls of hooks that are told of an outcome; nothing by default. For tests. */
    public CommitHooksBuilder interceptor(HookInterceptor around) {
        settings().interceptor = Objects.requireNonNull(around, "around");
        return this;
    }

    /**
     * The hooks. Without any this is allowed, and of use for ad hoc callbacks alone.
     *
     * @throws IllegalStateException when hooks are durable and nothing delivers them; or when large statements on a table are to be
     *     summarized, and it has a hook that needs each row
     */
    public CommitHooks build() {
        checkNotBuilt();
        CommitHooks hooks = Assembly.of(registrations, settings);
        built = true;
        return hooks;
    }

    private Settings settings() {
        checkNotBuilt();
        return settings;
    }

    private Registrations registrations() {
        checkNotBuilt();
        return registrations;
    }

    private void checkNotBuilt() {
        if (built) {
            throw new IllegalStateException(
                    "This builder has built its CommitHooks already; begin with another CommitHooks.builder()");
        }
    }
}
