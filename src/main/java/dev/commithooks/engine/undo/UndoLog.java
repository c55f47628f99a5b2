package dev.commithooks.engine.undo;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jooq.TableRecord;
import org.jooq.conf.Settings;

/**
 * The states that records were in before a transaction, and each part of it that may be rolled back by itself, first wrote them; in
 * the order of writing. Undone backwards, so that the oldest state of what is rolled back is the last to be restored. Guarded by
 * its transaction.
 */
public final class UndoLog {

    private static final System.Logger LOG = System.getLogger("dev.commithooks");

    private final List<RecordState> states = new ArrayList<>(4);
    private final Map<TableRecord<?>, RecordState> last = new IdentityHashMap<>(4);
    /** Where the part begins that was begun last. It may have been released since, at the price of a state that is not needed. */
    private int part;

    /** An empty log. */
    public UndoLog() {}

    /** Remembers what a record is like, unless it is known what it was like when the part at hand first wrote it. */
    public void remember(TableRecord<?> row, Settings settings) {
        RecordState known = last.get(row);
        if (known == null || known.place() < part) {
            RecordState state = new RecordState(row, settings, states.size(), known);
            states.add(state);
            last.put(row, state);
        }
    }

    /** Begins a part that may be rolled back by itself; its place. */
    public int beginPart() {
        part = states.size();
        return part;
    }

    /** Makes records what they were at a place, and forgets what came after it. One that cannot be restored keeps none from it. */
    public void undoTo(int place) {
        for (int i = states.size() - 1; i >= place; i--) {
            RecordState state = states.remove(i);
            RecordState earlier = state.earlier();
            if (earlier == null) {
                last.remove(state.row());
            } else {
                last.put(state.row(), earlier);
            }
            restore(state);
        }
        part = place;
    }

    private static void restore(RecordState state) {
        try {
            state.restore();
        } catch (RuntimeException | Error e) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    "A record of " + state.row().getTable()
                            + " could not be restored after a rollback, and is not to be used any more",
                    e);
        }
    }

    /** Whether any record was remembered. */
    public boolean isEmpty() {
        return states.isEmpty();
    }
}
