package dev.commithooks.faults.model;

import dev.commithooks.change.ChangeType;
import dev.commithooks.policy.BucketMode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A transaction, as data: what it does, how it ends, and what hooks do meanwhile. Rows are known by small numbers; the rows 1
 * and 2 are there before.
 *
 * @param source where connections come from
 * @param buckets how writes are folded
 * @param steps what is done in the transaction
 * @param end how its code ends
 * @param deeds what hooks do that are told of a row
 * @param missing the hooks that are not registered, by phase and type of change: what the others are told depends on none of them
 * @param network what becomes of the connection at the first COMMIT
 */
record Tree(
        Source source,
        BucketMode buckets,
        List<Step> steps,
        End end,
        Map<Integer, Deed> deeds,
        Set<String> missing,
        Network network) {

    /** The hooks that may be missing. */
    static final List<String> HOOKS = Stream.of("before", "after", "failed")
            .flatMap(phase -> Stream.of(ChangeType.values()).map(type -> phase + " " + type))
            .toList();

    /** A tree with all hooks. */
    Tree(Source source, BucketMode buckets, List<Step> steps, End end, Map<Integer, Deed> deeds) {
        this(source, buckets, steps, end, deeds, Set.of(), Network.FINE);
    }

    Tree withSource(Source other) {
        return new Tree(other, buckets, steps, end, deeds, missing, network);
    }

    Tree withBuckets(BucketMode other) {
        return new Tree(source, other, steps, end, deeds, missing, network);
    }

    Tree withSteps(List<Step> other) {
        return new Tree(source, buckets, other, end, deeds, missing, network);
    }

    Tree withEnd(End other) {
        return new Tree(source, buckets, steps, other, deeds, missing, network);
    }

    Tree withDeeds(Map<Integer, Deed> other) {
        return new Tree(source, buckets, steps, end, other, missing, network);
    }

    Tree withMissing(Set<String> other) {
        return new Tree(source, buckets, steps, end, deeds, other, network);
    }

    Tree withNetwork(Network other) {
        return new Tree(source, buckets, steps, end, deeds, missing, other);
    }

    /** Whether a hook is registered that is called in this phase for this type of change. */
    boolean hears(String phase, ChangeType type) {
        return !missing.contains(phase + " " + type);
    }

    enum Source {
        POOL,
        EXPLICIT_DEFAULT,
        THREAD_LOCAL
    }

    /** What becomes of the connection at COMMIT. */
    enum Network {
        FINE,
        /** It breaks before COMMIT has arrived. */
        LOSES_COMMIT,
        /** It breaks before the answer has arrived. */
        LOSES_ANSWER,
        /** The server ends the session before COMMIT has arrived. */
        SESSION_ENDS
    }

    /** How the code of a transaction, nested or not, ends. */
    enum End {
        NORMALLY,
        THROWING
    }

    /** What a hook does besides noting that it was called. */
    enum Deed {
        /** The before hook throws. */
        BEFORE_THROWS,
        /** The before hook inserts row + 100. */
        BEFORE_WRITES,
        /** The after hook throws. */
        AFTER_THROWS,
        /** The after hook inserts row + 200 in a transaction of its own. */
        AFTER_WRITES,
        /** The failed hook throws. */
        FAILED_THROWS
    }

    /** How somebody ends the transaction inside of it. */
    enum Hand {
        COMMIT,
        COMMIT_BY_SQL,
        SWITCH_TO_AUTOCOMMIT,
        ROLLBACK,
        ROLLBACK_BY_SQL;

        boolean commits() {
            return this != ROLLBACK && this != ROLLBACK_BY_SQL;
        }
    }

    /** How a savepoint that was set by hand ends. */
    enum SavepointEnd {
        RELEASED,
        ROLLED_BACK,
        LEFT
    }

    /** Something that is done. Where a statement may fail, a caller may swallow the exception. */
    sealed interface Step {}

    record Insert(int row, boolean swallow) implements Step {}

    /** Of no row, if the row is not there. */
    record Update(int row) implements Step {}

    record Delete(int row) implements Step {}

    record BatchInsert(List<Integer> rows, boolean swallow) implements Step {}

    record BatchUpdate(List<Integer> rows) implements Step {}

    /** A statement that fails, the exception being swallowed. */
    record SwallowedError() implements Step {}

    record Nested(List<Step> steps, End end, boolean swallow) implements Step {}

    record Savepoint(String name, boolean jdbc, List<Step> steps, SavepointEnd end) implements Step {}

    record OnCommit(int number) implements Step {}

    record OnRollback(int number) implements Step {}

    record RollbackOnly() implements Step {}

    /** Makes COMMIT fail. */
    record BreakDeferredConstraint() implements Step {}

    /** DDL; where it is not part of the transaction it commits what came before it, whether it fails or not. */
    record Ddl(boolean fails, boolean swallow) implements Step {}

    /** Meets with another transaction and loses, once in a tree. */
    record Contend(boolean swallow) implements Step {}

    /** Ends the transaction by hand; what comes then is done in the next one. */
    record EndByHand(Hand hand) implements Step {}

    /** The server ends the session, for idleness or at an administrator's wish: a statement fails by it, and all after it. */
    record SessionEnds(boolean isIdle, boolean swallow) implements Step {}
}
