package dev.commithooks.durable;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.Execution;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionContext;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.commithooks.hook.Delivery;
import dev.commithooks.spi.DurableHook;
import dev.commithooks.spi.HookObserver;
import dev.commithooks.spi.HookObserver.DeliveryAttempt;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jooq.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * The task of one hook: takes a parcel, calls the hook, and decides what comes next. Delivered parcels are removed, failed ones
 * wait for another attempt, and those that used up their attempts are parked: nothing is ever deleted that was not delivered.
 * Thread-safe.
 */
final class ParcelTask {

    private static final System.Logger LOG = System.getLogger("dev.commithooks.durable");

    private final DurableHook hook;
    private final @Nullable ChangeCodec codec;
    private final DeliverySettings settings;
    private final Configuration configuration;
    private final HookObserver observer;
    private final Set<String> told = ConcurrentHashMap.newKeySet();

    /**
     * The task of a hook.
     *
     * @param codec how its changes are read; null for a callback, which takes a text
     * @param configuration what the hook works with
     */
    ParcelTask(
            DurableHook hook,
            @Nullable ChangeCodec codec,
            DeliverySettings settings,
            Configuration configuration,
            HookObserver observer) {
        this.hook = hook;
        this.codec = codec;
        this.settings = settings;
        this.configuration = configuration;
        this.observer = observer;
    }

    /** The task as db-scheduler knows it, for the hook's name or one that it had formerly. */
    Task<StoredParcel> task(String name) {
        return Tasks.custom(name, StoredParcel.class)
                .onFailure(this::failed)
                .onDeadExecution(this::died)
                .execute(this::execute);
    }

    private CompletionHandler<StoredParcel> execute(TaskInstance<StoredParcel> instance, ExecutionContext context) {
        String text = instance.getData().text();
        long start = System.nanoTime();
        Parcel parcel = read(text);
        DeliveryAttempt attempt = attempt(context.getExecution(), parcel);
        ParcelCalls calls = new ParcelCalls(parcel, configuration, attempt.delivery());
        Throwable failure = call(calls);
        if (failure != null) {
            throw new AttemptFailedException(parcel.toText(failure.toString()), false, failure);
        }
        if (Thread.currentThread().isInterrupted()) {
            Throwable interrupted = new InterruptedException("the node shuts down");
            throw new AttemptFailedException(parcel.toText(interrupted.toString()), false, interrupted);
        }
        observer.delivered(attempt, Duration.ofNanos(System.nanoTime() - start));
        return (completed, operations) -> operations.remove();
    }

    private @Nullable Throwable call(ParcelCalls calls) {
        if (!(hook instanceof DurableHook.OnTable onTable) || codec == null) {
            return calls.of((DurableHook.OnText) hook);
        }
        Set<String> gone = ConcurrentHashMap.newKeySet();
        Throwable failure = calls.of(onTable, codec, gone);
        gone.removeIf(column -> !told.add(column));
        if (!gone.isEmpty()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "Changes stored for durable hook ''{0}'' have columns {1}, which {2} does not have any more; the hook is"
                            + " called without them",
                    hook.name(),
                    gone,
                    onTable.table());
        }
        return failure;
    }

    /** A parcel that cannot be read now can never be. */
    private static Parcel read(String text) {
        try {
            return Parcel.read(text);
        } catch (IllegalArgumentException unreadable) {
            throw new AttemptFailedException(text, true, unreadable);
        }
    }

    // ---------------------------------------------------------------- what comes next

    private void failed(ExecutionComplete completed, ExecutionOperations<StoredParcel> operations) {
        Throwable thrown = completed.getCause().orElse(null);
        String text = textOf(completed.getExecution());
        if (thrown instanceof AttemptFailedException attempt) {
            next(completed, operations, attempt.parcel(), attempt.isHopeless(), attempt.getCause());
        } else {
            next(completed, operations, text, false, thrown);
        }
    }

    /** The node died, of the hook perhaps: that is an attempt, too. */
    private void died(ExecutionComplete completed, ExecutionOperations<StoredParcel> operations) {
        String text = textOf(completed.getExecution());
        String node = completed.getExecution().pickedBy;
        try {
            text = Parcel.read(text).toText("node " + node + " died during the attempt");
        } catch (IllegalArgumentException unreadable) {
            // Parked as it is by the attempt that follows.
        }
        next(completed, operations, text, false, null);
    }

    private void next(
            ExecutionComplete completed,
            ExecutionOperations<StoredParcel> operations,
            String text,
            boolean hopeless,
            @Nullable Throwable failure) {
        int attempts = completed.getExecution().consecutiveFailures + 1;
        DeliveryAttempt attempt = attempt(completed.getExecution(), readOrNull(text));
        if (hopeless || attempts >= settings.attempts()) {
            operations.reschedule(completed, ParcelTable.PARKED, new StoredParcel(text));
            LOG.log(
                    System.Logger.Level.ERROR,
                    message(attempt) + "It is parked: nothing more happens until it is retried" + " or dropped.",
                    failure);
            observer.parked(attempt, failure);
        } else {
            Instant next = completed.getTimeDone().plus(settings.backoff(attempts));
            operations.reschedule(completed, next, new StoredParcel(text));
            LOG.log(System.Logger.Level.WARNING, message(attempt) + "The next attempt is at " + next + ".", failure);
            observer.deliveryFailed(attempt, failure, next);
        }
    }

    private String message(DeliveryAttempt attempt) {
        return "Durable hook '" + hook.name() + "' failed in attempt "
                + attempt.delivery().attempt() + " of " + settings.attempts() + " for parcel "
                + attempt.delivery().id() + "; the data IS committed. ";
    }

    private DeliveryAttempt attempt(Execution execution, @Nullable Parcel parcel) {
        Delivery delivery = new Delivery(
                execution.taskInstance.getTaskName() + "/" + execution.taskInstance.getId(),
                execution.consecutiveFailures + 1,
                parcel == null ? Instant.EPOCH : parcel.transaction().handedOver(),
                parcel == null ? 0 : parcel.sequence());
        return new DeliveryAttempt(
                hook.name(), delivery, parcel == null ? 0 : parcel.changes().size());
    }

    private static @Nullable Parcel readOrNull(String text) {
        try {
            return Parcel.read(text);
        } catch (IllegalArgumentException unreadable) {
            return null;
        }
    }

    private static String textOf(Execution execution) {
        return ((StoredParcel) execution.taskInstance.getData()).text();
    }
}
