package dev.commithooks.engine.boundary;

import static dev.commithooks.transaction.Outcome.ROLLED_BACK;
import static dev.commithooks.transaction.Outcome.UNKNOWN;

import dev.commithooks.engine.log.Effect;
import dev.commithooks.engine.log.LogItem;
import dev.commithooks.engine.scope.TransactionScope;
import dev.commithooks.engine.telling.BoundaryContext;
import dev.commithooks.engine.telling.Policies;
import dev.commithooks.engine.telling.Telling;
import dev.commithooks.transaction.Failure;
import dev.commithooks.transaction.FailureStage;
import dev.commithooks.transaction.TransactionInDoubtException;
import dev.commithooks.transaction.TransactionInfo;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jooq.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * The parts of one transaction that have ended before it: what came after a savepoint that was rolled back to, and what was ended
 * behind the hooks' back. They are out of the log, and their hooks are told of them later.
 */
final class EndedParts {

    private final Policies policies;
    private final TransactionScope scope;
    private final Telling telling;
    /** One up to each end of the transaction; told of when all has ended. */
    private List<List<LogItem>> severed = List.of();
    /** The exception for what was severed; made once, since it may be on its way before that is told of. */
    private @Nullable TransactionInDoubtException doubt;
    /** Told of at the next safe moment by whichever thread comes first. Changed under this one's lock. */
    private volatile List<RolledBack> rolledBack = List.of();

    /** The part of the log that came after a savepoint. */
    record RolledBack(
            List<LogItem> items,
            int itemsAt,
            BitSet ran,
            TransactionInfo info,
            @Nullable Throwable cause) {}

    EndedParts(Policies policies, TransactionScope scope, Telling telling) {
        this.policies = policies;
        this.scope = scope;
        this.telling = telling;
    }

    // ---------------------------------------------------------------- rolled back with a savepoint

    synchronized void add(RolledBack part) {
        List<RolledBack> parts = new ArrayList<>(rolledBack);
        parts.add(part);
        rolledBack = parts;
    }

    private synchronized List<RolledBack> takeRolledBack() {
        List<RolledBack> taken = rolledBack;
        rolledBack = List.of();
        return taken;
    }

    /** Tells hooks and callbacks of what was rolled back with savepoints; the enclosing transaction goes on. */
    void tellOfRolledBack(Configuration enclosing) {
        if (rolledBack.isEmpty()) {
            return;
        }
        for (RolledBack part : takeRolledBack()) {
            List<Effect> changes = policies.tellOf(FailureStage.SAVEPOINT)
                    ? telling.fold(part.items(), 0, part.items().size())
                    : List.of();
            Failure failure = Failure.of(FailureStage.SAVEPOINT, part.cause(), false);
            BoundaryContext context =
                    new BoundaryContext(() -> enclosing, part.info(), changes, ROLLED_BACK, failure, part.ran()::get);
            telling.tell(context, part.items(), part.itemsAt(), part.cause());
        }
    }

    // ---------------------------------------------------------------- ended behind the hooks' back

    void addSevered(List<LogItem> part) {
        List<List<LogItem>> all = new ArrayList<>(severed);
        all.add(part);
        severed = all;
    }

    /** The exception for what was ended behind the hooks' back; null where nothing was. */
    @Nullable
    TransactionInDoubtException doubt() {
        if (doubt == null && !severed.isEmpty()) {
            doubt = InDoubt.endedBehindOurBack(scope.info(), severedChanges().size());
        }
        return doubt;
    }

    /** Each part may have had a fate of its own: what came after a commit undoes nothing of what came before. */
    private List<Effect> severedChanges() {
        return severed.stream()
                .flatMap(part -> telling.fold(part, 0, part.size()).stream())
                .toList();
    }

    /** Tells of it, when all has ended; of how many changes. */
    int tellOfSevered(Supplier<Configuration> afterwards, @Nullable Throwable onItsWay) {
        if (severed.isEmpty()) {
            return 0;
        }
        List<Effect> changes = severedChanges();
        List<LogItem> items = severed.stream().flatMap(List::stream).toList();
        TransactionInDoubtException its = Objects.requireNonNull(doubt());
        telling.take(its, onItsWay);
        BoundaryContext context =
                new BoundaryContext(afterwards, scope.info(), changes, UNKNOWN, null, position -> false);
        telling.tell(context, items, 0, onItsWay == null ? its : onItsWay);
        return changes.size();
    }

    /** Lets go of it: changes that hooks have kept must not keep all others. */
    void letGo() {
        severed = List.of();
    }
}
