package dev.commithooks.testing;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is on the one real connection. While a transaction is open, that is the thread that used it last: it may go on
 * with it, or begin another within it on another connection. Everybody else waits, and is told after a while for whom.
 */
final class Turn {

    private final ReentrantLock lock = new ReentrantLock(true);
    private final Condition given = lock.newCondition();
    private final Duration patience;
    private final Supplier<@Nullable VirtualTransaction> top;
    private volatile @Nullable Thread holder;
    private volatile @Nullable VirtualConnection working;

    /** On the stack of open transactions whose top is supplied. */
    Turn(Duration patience, Supplier<@Nullable VirtualTransaction> top) {
        this.patience = patience;
        this.top = top;
    }

    /** Work of one connection. */
    interface Work<T extends @Nullable Object> {
        T run() throws SQLException;
    }

    <T extends @Nullable Object> T take(VirtualConnection connection, Work<T> work) throws SQLException {
        await(connection);
        Thread outerHolder = holder;
        VirtualConnection outerWorking = working;
        holder = Thread.currentThread();
        working = connection;
        try {
            VirtualTransaction open = top.get();
            if (open != null && open.connection() == connection) {
                open.usedBy(Thread.currentThread());
            }
            return work.run();
        } finally {
            holder = outerHolder;
            working = outerWorking;
            given.signalAll();
            lock.unlock();
        }
    }

    /**
     * Takes the turn whoever has a transaction open, but not in the midst of a statement. False when that does not end. A thread
     * that is interrupted, as by a test's timeout, does it all the same, and stays interrupted.
     */
    boolean seize(Duration wait, Runnable work) {
        boolean interrupted = Thread.interrupted();
        try {
            if (!lock.tryLock(wait.toNanos(), NANOSECONDS)) {
                return false;
            }
            try {
                work.run();
                return true;
            } finally {
                given.signalAll();
                lock.unlock();
            }
        } catch (InterruptedException e) {
            interrupted = true;
            return false;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The connection that is at work now, on whatever thread. */
    @Nullable
    VirtualConnection working() {
        return working;
    }

    /** The stack of whoever has the turn, for messages. */
    String trace() {
        Thread running = holder;
        return running == null ? "an unknown thread" : Place.of(running).trace();
    }

    private void await(VirtualConnection connection) throws SQLException {
        long left = patience.toNanos();
        try {
            long start = System.nanoTime();
            if (!lock.tryLock(left, NANOSECONDS)) {
                throw waitedForStatement(connection);
            }
            left -= System.nanoTime() - start;
            boolean mine = false;
            try {
                while (!isFor(connection) && left > 0) {
                    left = given.awaitNanos(left);
                }
                if (!isFor(connection)) {
                    throw waitedForTransaction(connection);
                }
                mine = true;
            } finally {
                if (!mine) {
                    lock.unlock();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLTimeoutException(
                    connection + " was interrupted while it waited for another. Nothing was sent.", e);
        }
    }

    private boolean isFor(VirtualConnection connection) {
        VirtualTransaction open = top.get();
        return open == null || open.connection() == connection || open.thread() == Thread.currentThread();
    }

    private SQLException waitedForStatement(VirtualConnection connection) {
        return new SQLTimeoutException(waited(connection) + " for a statement of " + trace() + advice());
    }

    private SQLException waitedForTransaction(VirtualConnection connection) {
        VirtualTransaction open = top.get();
        return open == null
                ? waitedForStatement(connection)
                : new SQLTimeoutException(waited(connection) + " for " + open + ", which "
                        + Place.of(open.thread()).trace() + "\n    is working on." + advice());
    }

    private String waited(VirtualConnection connection) {
        return connection + " (thread " + Thread.currentThread().getName() + ") has waited " + patience.toMillis()
                + " ms";
    }

    private static String advice() {
        return "\n    Nothing was sent. In a rolled-back test all connections share a real one, in turn: a thread that waits"
                + " within a transaction for work of another thread waits for ever.";
    }
}
