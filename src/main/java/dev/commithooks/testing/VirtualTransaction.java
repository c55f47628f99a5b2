package dev.commithooks.testing;

import dev.commithooks.spi.ConnectionState.State;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A transaction of a virtual connection: a savepoint in the outer one, and in those that were open when it began. Used by the
 * thread whose turn it is.
 */
final class VirtualTransaction {

    /**
     * A savepoint of the application's own.
     *
     * @param key its name, or the object where it has none
     * @param committedBefore how many transactions had been committed within this one by then
     */
    private record Mark(Object key, int committedBefore) {}

    private final VirtualConnection connection;
    private final TestTransaction test;
    private final int depth;
    private final boolean ofOneStatement;
    private final Place begun = Place.here();
    private final List<Mark> savepoints = new ArrayList<>();
    private final List<String> committedWithin = new ArrayList<>();
    private final List<ResultSet> cursors = new ArrayList<>();
    private final Map<String, @Nullable String> localSettings = new LinkedHashMap<>();
    private Thread thread = Thread.currentThread();
    private boolean wrote;
    private volatile boolean aborted;

    VirtualTransaction(VirtualConnection connection, TestTransaction test, int depth, boolean ofOneStatement) {
        this.connection = connection;
        this.test = test;
        this.depth = depth;
        this.ofOneStatement = ofOneStatement;
    }

    VirtualConnection connection() {
        return connection;
    }

    /** The test it began in. */
    TestTransaction test() {
        return test;
    }

    /** Its savepoint's name. The same names over and over, so that the driver keeps the statements prepared. */
    String savepoint() {
        return savepoint(depth);
    }

    static String savepoint(int depth) {
        return "commithooks_transaction_" + depth;
    }

    /** Whether it is the transaction of one statement in autocommit mode. */
    boolean isOfOneStatement() {
        return ofOneStatement;
    }

    Place begun() {
        return begun;
    }

    /** The thread that used it last. */
    Thread thread() {
        return thread;
    }

    void usedBy(Thread user) {
        thread = user;
    }

    /** Whether it may have written something. */
    boolean wrote() {
        return wrote;
    }

    void hasWritten() {
        wrote = true;
    }

    /** Whether a statement in it has failed, so that it can only be rolled back. */
    boolean isAborted() {
        return aborted;
    }

    void isAborted(boolean now) {
        aborted = now;
    }

    /** What a connection that is lost in it says from then on. */
    State state() {
        return ofOneStatement ? State.IDLE : aborted ? State.ABORTED : State.OPEN;
    }

    /** Settings that end with it, and what they were before. */
    Map<String, @Nullable String> localSettings() {
        return localSettings;
    }

    void savepointSet(Object key) {
        savepoints.add(new Mark(key, committedWithin.size()));
    }

    /** One of that name is gone, alone. */
    void savepointReplaced(Object key) {
        savepoints.removeIf(mark -> mark.key().equals(key));
    }

    boolean hasSavepoint(Object key) {
        return indexOf(key) >= 0;
    }

    void savepointReleased(Object key) {
        int index = indexOf(key);
        savepoints.subList(index, savepoints.size()).clear();
    }

    /** Gives what had been committed since, which is undone. */
    List<String> rolledBackTo(Object key) {
        int index = indexOf(key);
        int before = savepoints.get(index).committedBefore();
        savepoints.subList(index + 1, savepoints.size()).clear();
        List<String> since = committedWithin.subList(before, committedWithin.size());
        List<String> undone = List.copyOf(since);
        since.clear();
        return undone;
    }

    private int indexOf(Object key) {
        for (int i = savepoints.size() - 1; i >= 0; i--) {
            if (savepoints.get(i).key().equals(key)) {
                return i;
            }
        }
        return -1;
    }

    /** What other connections have committed while this one was open. */
    List<String> committedWithin() {
        return committedWithin;
    }

    /** Another one, begun within this one, was committed. */
    void committedWithin(VirtualTransaction inner) {
        committedWithin.addAll(inner.committedWithin);
        if (inner.wrote) {
            committedWithin.add(inner.toString());
        }
    }

    void opened(ResultSet cursor) {
        cursors.add(cursor);
    }

    /** Closes the cursors that are still open, as the server would at the end of a transaction. Gives how many there were. */
    int closeCursors() {
        int open = 0;
        for (ResultSet cursor : cursors) {
            try {
                if (!cursor.isClosed()) {
                    cursor.close();
                    open++;
                }
            } catch (SQLException broken) {
                // A cursor of a broken connection is closed.
            }
        }
        cursors.clear();
        return open;
    }

    @Override
    public String toString() {
        return "the transaction of " + connection + ", begun at " + begun;
    }
}
