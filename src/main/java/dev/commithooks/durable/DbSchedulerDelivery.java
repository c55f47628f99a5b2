package dev.commithooks.durable;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerBuilder;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.logging.LogLevel;
import com.github.kagkarlsson.scheduler.serializer.Serializer;
import com.github.kagkarlsson.scheduler.task.Task;
import dev.commithooks.row.TableName;
import dev.commithooks.spi.CommitParticipant.Prepared;
import dev.commithooks.spi.DurableDelivery;
import dev.commithooks.spi.DurableHook;
import dev.commithooks.spi.DurableHooks;
import dev.commithooks.spi.HandOver;
import dev.commithooks.transaction.Outcome;
import dev.commithooks.transaction.TransactionInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import javax.sql.DataSource;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.SQLDialect;
import org.jooq.TableField;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/**
 * Durable hooks on PostgreSQL and <a href="https://github.com/kagkarlsson/db-scheduler">db-scheduler</a>: what hooks are to be
 * called with is a row of the transaction that made it so, and any node that runs {@link #start()} calls them.
 *
 * <pre>{@code
 * DbSchedulerDelivery delivery = DbSchedulerDelivery.on(dataSource);
 * CommitHooks hooks = CommitHooks.builder()
 *         .register(BOOK, new SearchIndexHooks(index), HookOptions.durable("search-index"))
 *         .durable(delivery)
 *         .build();
 * delivery.start();
 * }</pre>
 *
 * <p>Needs the table that {@link #ddl()} makes. Transactions that hand over must be on the same database as the data source.
 * Thread-safe; serves one {@code CommitHooks}.
 */
public final class DbSchedulerDelivery implements DurableDelivery, AutoCloseable {

    private static final Duration FOR_EVER = Duration.ofDays(36_500);
    private static final Duration PATIENCE_AT_CLOSE = Duration.ofSeconds(10);

    private final DataSource dataSource;
    private final DeliverySettings settings;
    private final Configuration configuration;
    private final ParcelTable table;
    private final Map<String, String> formerHooks = new LinkedHashMap<>();
    private final Map<TableField<?, ?>, List<String>> formerColumns = new HashMap<>();
    private final Map<String, ChangeCodec> codecs = new HashMap<>();

    private volatile @Nullable DurableHooks hooks;
    private volatile @Nullable Scheduler scheduler;
    private @Nullable Scheduler started;

    private DbSchedulerDelivery(DataSource dataSource, DeliverySettings settings, Configuration configuration) {
        this.dataSource = dataSource;
        this.settings = settings;
        this.configuration = configuration;
        this.table = new ParcelTable(settings.table(), settings.chunk());
    }

    /** Deliveries with the default settings; hooks work with the data source, too. */
    public static DbSchedulerDelivery on(DataSource dataSource) {
        return on(dataSource, DeliverySettings.defaults());
    }

    /** Deliveries with settings. */
    public static DbSchedulerDelivery on(DataSource dataSource, DeliverySettings settings) {
        return on(
                dataSource, settings, DSL.using(dataSource, SQLDialect.POSTGRES).configuration());
    }

    /**
     * Deliveries with settings, and with what hooks work with.
     *
     * @param configuration one without commit hooks; those served are attached to a copy of it
     */
    public static DbSchedulerDelivery on(
            DataSource dataSource, DeliverySettings settings, Configuration configuration) {
        return new DbSchedulerDelivery(
                Objects.requireNonNull(dataSource, "dataSource"),
                Objects.requireNonNull(settings, "settings"),
                Objects.requireNonNull(configuration, "configuration"));
    }

    /** The statements that make the table {@code hook_delivery}, its sequence, and the view {@code hook_delivery_status}. */
    public static String ddl() {
        return DeliverySettings.defaults().ddl();
    }

    /** A hook's former name: what is stored under it is for the hook of this name. To be called before the hooks are built. */
    public DbSchedulerDelivery renamedHook(String formerName, String name) {
        checkNotServing();
        formerHooks.put(Objects.requireNonNull(formerName), Objects.requireNonNull(name));
        return this;
    }

    /** A column's former name: what is stored under it belongs to this column. To be called before the hooks are built. */
    public DbSchedulerDelivery renamedColumn(String formerName, TableField<?, ?> column) {
        checkNotServing();
        formerColumns.computeIfAbsent(column, c -> new ArrayList<>()).add(Objects.requireNonNull(formerName));
        return this;
    }

    // ---------------------------------------------------------------- as the hooks' delivery

    @Override
    public void serve(DurableHooks durable) {
        checkNotServing();
        for (DurableHook hook : durable.all()) {
            if (hook instanceof DurableHook.OnTable onTable) {
                codecs.put(hook.name(), codec(onTable));
            }
        }
        formerHooks.forEach((former, name) -> {
            if (durable.all().stream().noneMatch(hook -> hook.name().equals(name))) {
                throw new IllegalArgumentException(
                        "'" + former + "' cannot be the former name of '" + name + "': no durable hook has that name");
            }
        });
        hooks = durable;
    }

    private ChangeCodec codec(DurableHook.OnTable hook) {
        Map<String, Field<?>> former = new HashMap<>();
        formerColumns.forEach((column, names) -> {
            if (hook.table().equals(column.getTable())) {
                names.forEach(name -> former.put(name, column));
            }
        });
        ChangeCodec codec = new ChangeCodec(hook.table(), former);
        List<Field<?>> unfit = codec.unfit();
        if (!unfit.isEmpty()) {
            throw new IllegalArgumentException("Hook '" + hook.name() + "' on " + TableName.of(hook.table())
                    + " cannot be durable: values of " + unfit + " have no form in which they could be stored exactly."
                    + " Give the columns a type or a converter of yours, or leave them out of the generated table");
        }
        return codec;
    }

    private void checkNotServing() {
        if (hooks != null) {
            throw new IllegalStateException("This delivery serves commit hooks already; make one for each CommitHooks");
        }
    }

    @Override
    public Prepared handOver(TransactionInfo transaction, List<HandOver> handOvers, DSLContext dsl) {
        table.write(transaction, handOvers, codecs, dsl);
        return this::nudge;
    }

    /** Looks for parcels at once: those just committed, or perhaps committed. */
    private void nudge(Outcome outcome) {
        Scheduler current = scheduler;
        if (outcome != Outcome.ROLLED_BACK && current != null) {
            current.triggerCheckForDueExecutions();
        }
    }

    // ---------------------------------------------------------------- running

    /**
     * Begins to deliver on this node, on threads of its own, what any node has handed over or will.
     *
     * @throws IllegalStateException before the hooks are built, twice, or when the table is not there or of another version
     */
    public synchronized void start() {
        if (started != null) {
            throw new IllegalStateException("This delivery has been started already");
        }
        List<Task<?>> tasks = tasks();
        table.check(configuration.dsl());
        Scheduler made = settings(Scheduler.create(dataSource, tasks))
                .jdbcCustomization(
                        new KnownParcels(tasks.stream().map(Task::getName).toList()))
                .build();
        made.start();
        started = made;
        scheduler = made;
    }

    private SchedulerBuilder settings(SchedulerBuilder builder) {
        return builder.tableName(settings.table())
                .serializer(serializer(Serializer.DEFAULT_JAVA_SERIALIZER))
                .schedulerName(new SchedulerName.Fixed(
                        "commithooks-" + ProcessHandle.current().pid() + "-" + UUID.randomUUID()))
                .threads(settings.threads())
                .pollingInterval(settings.polling())
                // As many as there are threads: what waits in a queue gets no heartbeat, and with fewer, slow hooks
                // would keep the other threads from what is waiting.
                .pollUsingLockAndFetch(1 - 0.5 / settings.threads(), 1.0)
                .heartbeatInterval(settings.heartbeat())
                .missedHeartbeatsLimit(DeliverySettings.MISSED_HEARTBEATS)
                // By default it deletes what it does not know, and so the parcels of other nodes' hooks.
                .deleteUnresolvedAfter(FOR_EVER)
                .shutdownMaxWait(PATIENCE_AT_CLOSE)
                .failureLogging(LogLevel.OFF, false);
    }

    /**
     * The tasks for a scheduler of your own, in place of {@link #start()}. It needs {@link #serializer}, must never delete what it
     * does not know ({@code deleteUnresolvedAfter}), and its table is the one of {@link DeliverySettings#table(String)}. Then
     * {@link #nudging} makes latencies short. It may pick a parcel of a hook that this node does not know, and put it back; the
     * scheduler of {@code start()} never does.
     *
     * @throws IllegalStateException before the hooks are built
     */
    public List<Task<?>> tasks() {
        DurableHooks served = hooks;
        if (served == null) {
            throw new IllegalStateException("This delivery serves no hooks yet: give it to CommitHooks.builder()"
                    + ".durable(...), build the hooks, then start it");
        }
        Configuration attached = served.attachTo(configuration);
        List<Task<?>> tasks = new ArrayList<>();
        for (DurableHook hook : served.all()) {
            ParcelTask task = new ParcelTask(hook, codecs.get(hook.name()), settings, attached, served.observer());
            tasks.add(task.task(hook.name()));
            formerHooks.forEach((former, name) -> {
                if (name.equals(hook.name())) {
                    tasks.add(task.task(former));
                }
            });
        }
        return tasks;
    }

    /** The serializer for a scheduler of your own: parcels as UTF-8, the data of your tasks as the one given has it. */
    public static Serializer serializer(Serializer others) {
        return new ParcelSerializer(Objects.requireNonNull(others, "others"));
    }

    /** Tells a scheduler of your own when something was handed over; without it, that waits for the next poll. */
    public void nudging(Scheduler yours) {
        scheduler = Objects.requireNonNull(yours, "scheduler");
    }

    /** Stops delivering on this node; waits up to 10 seconds for hooks that run, then interrupts them. */
    @Override
    public synchronized void close() {
        if (started != null) {
            scheduler = null;
            started.stop();
            started = null;
        }
    }

    // ---------------------------------------------------------------- looking

    /** The parcels whose attempts are used up, of all hooks, those that failed first at the top. */
    public List<ParkedDelivery> parked() {
        return table.parked(configuration.dsl());
    }

    /** Gives a parked parcel all its attempts again, beginning now; false when it is not parked. */
    public boolean retry(ParkedDelivery parked) {
        boolean found = table.retry(configuration.dsl(), parked.hook(), parked.parcel());
        nudge(Outcome.COMMITTED);
        return found;
    }

    /** Deletes a parked parcel: its hook is never called; false when it is not parked. */
    public boolean drop(ParkedDelivery parked) {
        return table.drop(configuration.dsl(), parked.hook(), parked.parcel());
    }

    /** The numbers of parcels by state. */
    public DeliveryStatus status() {
        return table.status(configuration.dsl());
    }

    @Override
    public String describe() {
        DeliveryStatus now = status();
        return this + ": " + now.waiting() + " waiting, " + now.running() + " running, " + now.retrying()
                + " retrying, " + now.parked() + " parked";
    }

    @Override
    public String toString() {
        return "db-scheduler, " + settings;
    }
}
