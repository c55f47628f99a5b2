package dev.commithooks;

import dev.commithooks.change.ChangeType;
import dev.commithooks.change.RowImage;
import dev.commithooks.engine.jooq.Engine;
import dev.commithooks.engine.registry.BoundHook;
import dev.commithooks.engine.registry.HookMethod;
import dev.commithooks.engine.registry.Registration;
import dev.commithooks.engine.registry.Registry;
import dev.commithooks.engine.registry.RowPolicies;
import dev.commithooks.engine.telling.Policies;
import dev.commithooks.engine.telling.SafeObserver;
import dev.commithooks.hook.CommitHook;
import dev.commithooks.hook.DurableCallback;
import dev.commithooks.hook.HookOptions;
import dev.commithooks.policy.AfterCommitErrors;
import dev.commithooks.policy.BucketMode;
import dev.commithooks.policy.Bypass;
import dev.commithooks.policy.Cascade;
import dev.commithooks.policy.FailedHooks;
import dev.commithooks.policy.OldRows;
import dev.commithooks.policy.OutsideTransaction;
import dev.commithooks.policy.Recording;
import dev.commithooks.policy.TransactionDefaults;
import dev.commithooks.spi.CommitParticipant;
import dev.commithooks.spi.DurableDelivery;
import dev.commithooks.spi.DurableHook;
import dev.commithooks.spi.DurableHooks;
import dev.commithooks.spi.HookObserver;
import dev.commithooks.spi.OutcomeResolver;
import dev.commithooks.spi.TransactionOwner;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jooq.Configuration;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.TableRecord;
import org.jspecify.annotations.Nullable;

/**
 * Collects hooks and policies for a {@link CommitHooks}. Used by one thread, once: after {@link #build()} every call is an
 * {@link IllegalStateException}.
 */
public final class CommitHooksBuilder {

    private static final HookOptions DEFAULTS = new HookOptions(null, 0, false);

    private final List<Registration> registrations = new ArrayList<>();
    private final Map<Table<?>, OldRows> oldRowsByTable = new HashMap<>();
    private OldRows oldRows = OldRows.FROM_RECORD;
    private final Map<Table<?>, Recording> recordingByTable = new HashMap<>();
    private Recording recording = Recording.STATEMENTS;
    private int statementLimit = RowPolicies.DEFAULT_STATEMENT_LIMIT;
    private BucketMode buckets = BucketMode.BUCKETED;
    private Cascade cascade = Cascade.once();
    private FailedHooks failedHooks = FailedHooks.ON_EVERY_FAILURE;
    private AfterCommitErrors afterCommitErrors = AfterCommitErrors.THROW;
    private OutsideTransaction outsideTransaction = OutsideTransaction.RUN_NOW;
    private Bypass bypass = Bypass.WARN;
    private TransactionDefaults transactionDefaults = TransactionDefaults.none();
    private final List<TransactionOwner> owners = new ArrayList<>(0);
    private final List<CommitParticipant> participants = new ArrayList<>(0);
    private @Nullable OutcomeResolver resolver;
    private HookObserver observer = SafeObserver.NONE;
    private final DurableRegistrations durable = new DurableRegistrations();
    private @Nullable DurableDelivery delivery;
    private boolean built;

    CommitHooksBuilder() {}

    /**
     * Registers a hook for a table; an alias means its table.
     *
     * @throws IllegalArgumentException when the hook overrides no method, or none that could fire for the table, or if this very
     *     object is registered for the table already
     */
    public <R extends Record> CommitHooksBuilder register(Table<R> table, CommitHook<? super R> hook) {
        return register(table, hook, DEFAULTS);
    }

    /** Registers a hook for a table, with a name or an order. */
    public <R extends Record> CommitHooksBuilder register(
            Table<R> table, CommitHook<? super R> hook, HookOptions options) {
        Table<?> base = base(table);
        Registration registration =
                Registration.of(base, Set.of(), nameOf(hook, options), options.order(), options.durable(), hook);
        if (registration.durable()) {
            durable.add(base, registration.name(), registration.hooks());
        }
        return add(registration);
    }

    /**
     * Registers lambdas for a table: {@code on(BOOK, on -> on.afterCommitInsert((book, ctx) -> ...))}.
     *
     * @throws IllegalArgumentException when none was given
     */
    public <R extends Record> CommitHooksBuilder on(Table<R> table, Consumer<HookLambdas<R>> lambdas) {
        HookLambdas<R> collected = new HookLambdas<>(base(table));
        Objects.requireNonNull(lambdas, "lambdas").accept(collected);
        if (collected.registrations().isEmpty()) {
            throw new IllegalArgumentException("on(" + table
                    + ", ...) registered nothing: call a method of the argument," + " for instance afterCommitInsert");
        }
        Map<String, List<BoundHook>> durableByName = new LinkedHashMap<>();
        for (Registration registration : collected.registrations()) {
            if (registration.durable()) {
                durableByName
                        .computeIfAbsent(registration.name(), name -> new ArrayList<>())
                        .addAll(registration.hooks());
            }
            add(registration);
        }
        durableByName.forEach((name, hooks) -> durable.add(base(table), name, hooks));
        return this;
    }

    /** Registers a hook for every table but those named. */
    public CommitHooksBuilder registerAll(CommitHook<? super TableRecord<?>> hook, Table<?>... except) {
        return registerAll(hook, DEFAULTS, except);
    }

    /** Registers a hook, with a name or an order, for every table but those named. */
    public CommitHooksBuilder registerAll(
            CommitHook<? super TableRecord<?>> hook, HookOptions options, Table<?>... except) {
        if (options.durable()) {
            throw new IllegalArgumentException(
                    "Hook '" + options.name() + "' cannot be durable for all tables: a node that"
                            + " delivers must know whose rows it reads. Register it for each of its tables, under a name for each");
        }
        Set<Table<?>> excepted = new HashSet<>();
        for (Table<?> table : except) {
            excepted.add(base(table));
        }
        return add(Registration.of(
                null, Set.copyOf(excepted), nameOf(hook, options), options.order(), options.durable(), hook));
    }

    private CommitHooksBuilder add(Registration registration) {
        checkNotBuilt();
        Table<?> table = registration.table();
        if (table != null) {
            refuseIfNeverCalled(registration, table);
        }
        if (registrations.stream().anyMatch(registration::repeats)) {
            throw new IllegalArgumentException("Hook '" + registration.name() + "' is registered already for "
                    + (table == null ? "one of these tables" : RowImage.nameOf(table))
                    + ", and would be called twice for each change. Register it once, or another object of its class");
        }
        registrations.add(registration);
        return this;
    }

    private static void refuseIfNeverCalled(Registration registration, Table<?> table) {
        String never = "Hook '" + registration.name() + "' on " + table + " would never be called: ";
        if (!TableRecord.class.isAssignableFrom(table.getRecordType())) {
            throw new IllegalArgumentException(never
                    + "its records cannot be stored. Register a generated table, or one whose record type is a"
                    + " TableRecord");
        }
        if (table.getPrimaryKey() == null
                && registration.hooks().stream().noneMatch(hook -> hook.method().takes(ChangeType.INSERT))) {
            throw new IllegalArgumentException(
                    never + "the table has no primary key, so its records can only be inserted");
        }
    }

    private Table<?> base(@Nullable Table<?> table) {
        checkNotBuilt();
        return Registry.baseOf(Objects.requireNonNull(table, "table"));
    }

    private static String nameOf(@Nullable CommitHook<?> hook, HookOptions options) {
        Objects.requireNonNull(hook, "hook");
        Objects.requireNonNull(options, "options");
        if (options.name() != null) {
            return options.name();
        }
        String simple = hook.getClass().getSimpleName();
        return simple.isEmpty() ? hook.getClass().getName() : simple;
    }

    /** How several writes of one row become changes; {@link BucketMode#BUCKETED} by default. */
    public CommitHooksBuilder buckets(BucketMode mode) {
        checkNotBuilt();
        buckets = Objects.requireNonNull(mode, "mode");
        return this;
    }

    /** What becomes of the rows that before hooks write; {@link Cascade#once()} by default. */
    public CommitHooksBuilder cascade(Cascade policy) {
        checkNotBuilt();
        cascade = Objects.requireNonNull(policy, "policy");
        return this;
    }

    /** Which failures failed hooks are told of; {@link FailedHooks#ON_EVERY_FAILURE} by default. */
    public CommitHooksBuilder failedHooks(FailedHooks policy) {
        checkNotBuilt();
        failedHooks = Objects.requireNonNull(policy, "policy");
        return this;
    }

    /** What becomes of the failures of after and in-doubt hooks; {@link AfterCommitErrors#THROW} by default. */
    public CommitHooksBuilder afterCommitErrors(AfterCommitErrors policy) {
        checkNotBuilt();
        afterCommitErrors = Objects.requireNonNull(policy, "policy");
        return this;
    }

    /** What is done outside transactions; {@link OutsideTransaction#RUN_NOW} by default. */
    public CommitHooksBuilder outsideTransaction(OutsideTransaction policy) {
        checkNotBuilt();
        outsideTransaction = Objects.requireNonNull(policy, "policy");
        return this;
    }

    /** What is done about DML whose rows cannot be recorded; {@link Bypass#WARN} by default. */
    public CommitHooksBuilder bypass(Bypass policy) {
        checkNotBuilt();
        bypass = Objects.requireNonNull(policy, "policy");
        return this;
    }

    /** What transactions of {@link Transactions} are like that do not say it; nothing special by default. */
    public CommitHooksBuilder transactionDefaults(TransactionDefaults defaults) {
        checkNotBuilt();
        transactionDefaults = Objects.requireNonNull(defaults, "defaults");
        return this;
    }

    /** Where old rows come from, of all tables not named otherwise; {@link OldRows#FROM_RECORD} by default. */
    public CommitHooksBuilder oldRows(OldRows policy) {
        checkNotBuilt();
        oldRows = Objects.requireNonNull(policy, "policy");
        return this;
    }

    /** Where the old rows of one table come from. */
    public CommitHooksBuilder oldRows(Table<?> table, OldRows policy) {
        oldRowsByTable.put(base(table), Objects.requireNonNull(policy, "policy"));
        return this;
    }

    /** Which writes are recorded, of all tables not named otherwise; {@link Recording#STATEMENTS} by default. */
    public CommitHooksBuilder recording(Recording policy) {
        checkNotBuilt();
        recording = Objects.requireNonNull(policy, "policy");
        return this;
    }

    /** Which writes to one table are recorded. */
    public CommitHooksBuilder recording(Table<?> table, Recording policy) {
        recordingByTable.put(base(table), Objects.requireNonNull(policy, "policy"));
        return this;
    }

    /**
     * How many rows a statement may write in a transaction that passes no record and is recorded row by row; 100,000 by
     * default. One that writes more is an error, and its transaction rolls back: all these rows are kept until the transaction
     * ends, at about half a kilobyte each.
     *
     * @throws IllegalArgumentException when it is not positive
     */
    public CommitHooksBuilder statementLimit(int rows) {
        checkNotBuilt();
        if (rows <= 0) {
            throw new IllegalArgumentException("statementLimit is " + rows + ", but must be positive");
        }
        statementLimit = rows;
        return this;
    }

    /** What finds out how a commit in doubt ended; by default nothing does. */
    public CommitHooksBuilder outcomeResolver(OutcomeResolver outcomeResolver) {
        checkNotBuilt();
        resolver = Objects.requireNonNull(outcomeResolver, "outcomeResolver");
        return this;
    }

    /** Adds an owner of transactions that jOOQ does not begin: those of an application framework. Asked in the order added. */
    public CommitHooksBuilder owner(TransactionOwner owner) {
        checkNotBuilt();
        owners.add(Objects.requireNonNull(owner, "owner"));
        return this;
    }

    /** Adds a participant in each commit that has something to tell; they take part in the order added. */
    public CommitHooksBuilder participant(CommitParticipant participant) {
        checkNotBuilt();
        participants.add(Objects.requireNonNull(participant, "participant"));
        for (Table<?> table : participant.tables()) { // a table with any hook is recorded: this one does nothing
            add(Registration.of(
                    base(table), participant.toString(), 0, false, HookMethod.AFTER_SET, (changes, ctx) -> {}));
        }
        return this;
    }

    /**
     * The delivery of durable hooks: what stores with a transaction what they are to be called with, and calls them.
     *
     * @see dev.commithooks.hook.HookOptions#durable(String)
     */
    public CommitHooksBuilder durable(DurableDelivery durableDelivery) {
        checkNotBuilt();
        delivery = Objects.requireNonNull(durableDelivery, "durableDelivery");
        return this;
    }

    /**
     * Registers a durable callback: it is called with the texts that transactions hand over to its name.
     *
     * @see dev.commithooks.hook.CurrentTransaction#handOver
     */
    public CommitHooksBuilder durableCallback(String name, DurableCallback callback) {
        checkNotBuilt();
        durable.add(Objects.requireNonNull(name, "name"), Objects.requireNonNull(callback, "callback"));
        return this;
    }

    /** Adds an observer; several see everything in the order they were added. */
    public CommitHooksBuilder observer(HookObserver another) {
        checkNotBuilt();
        HookObserver safe = SafeObserver.of(Objects.requireNonNull(another, "observer"));
        observer = observer == SafeObserver.NONE ? safe : observer.andThen(safe);
        return this;
    }

    /**
     * The hooks.
     *
     * <p>Without any hook this is allowed, and of use for ad hoc callbacks alone.
     *
     * @throws IllegalStateException when hooks are durable and nothing delivers them
     */
    public CommitHooks build() {
        checkNotBuilt();
        DurableDelivery durableDelivery = delivery;
        if (!durable.isEmpty() && durableDelivery == null) {
            throw new IllegalStateException("Durable hooks "
                    + durable.all().stream().map(DurableHook::name).toList()
                    + " would never be called: nothing stores or delivers what they are called with. Add"
                    + " durable(DbSchedulerDelivery.on(dataSource)) to the builder");
        }
        built = true;
        if (durableDelivery != null) {
            participants.add(new DurableHandOver(durable, durableDelivery, observer));
        }
        Policies policies = new Policies(
                buckets,
                cascade,
                failedHooks,
                afterCommitErrors,
                outsideTransaction,
                bypass,
                transactionDefaults,
                List.copyOf(owners),
                List.copyOf(participants),
                resolver,
                observer);
        CommitHooks hooks = new CommitHooks(new Engine(
                new Registry(
                        registrations,
                        new RowPolicies(oldRowsByTable, oldRows, recordingByTable, recording, statementLimit)),
                policies));
        if (durableDelivery != null) {
            durableDelivery.serve(new ServedHooks(durable.all(), hooks, observer));
        }
        return hooks;
    }

    private record ServedHooks(List<DurableHook> all, CommitHooks hooks, HookObserver observer)
            implements DurableHooks {

        @Override
        public Configuration attachTo(Configuration configuration) {
            return hooks.attachTo(configuration);
        }
    }

    private void checkNotBuilt() {
        if (built) {
            throw new IllegalStateException(
                    "This builder has built its CommitHooks already; begin with another" + " CommitHooks.builder()");
        }
    }
}
