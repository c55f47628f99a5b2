package dev.commithooks.timeline;

import dev.commithooks.timeline.Entry.Kind;
import java.util.ArrayDeque;
import java.util.Deque;

/** The life of one transaction while it is written down: its entries, and those of them that are open. For one thread. */
final class Life {

    private final String id;
    private final Deque<Entry> open = new ArrayDeque<>();

    Life(String id, Entry root) {
        this.id = id;
        open.push(root);
    }

    String id() {
        return id;
    }

    /** A line that has no length. */
    Entry note(Kind kind, String text, long now) {
        Entry entry = new Entry(kind, 0, text, now);
        open.getFirst().within().add(entry);
        return entry;
    }

    Entry begin(Kind kind, int depth, String text, long now) {
        Entry entry = new Entry(kind, depth, text, now);
        open.getFirst().within().add(entry);
        open.push(entry);
        return entry;
    }

    /** Ends the entry and whatever is open within it; does nothing where it is not open. */
    void end(Entry entry, long now) {
        if (open.contains(entry)) {
            Entry ended;
            do {
                ended = open.pop();
                ended.endAt(now);
            } while (ended != entry);
        }
    }

    /** Ends the savepoint of that depth that is open. */
    void endSavepoint(int depth, String how, boolean rolledBack, long now) {
        for (Entry entry : open) {
            if (entry.kind() == Kind.SAVEPOINT && entry.depth() == depth) {
                if (rolledBack) {
                    entry.fail(how);
                } else {
                    entry.endAs(how);
                }
                end(entry, now);
                return;
            }
        }
        note(Kind.NOTE, "savepoint " + how, now);
    }

    /** Ends the transaction. */
    Entry root(long now) {
        Entry root = open.getLast();
        end(root, now);
        return root;
    }

    /** The innermost open hook, which is the one that returns. */
    void endHook(long now, String failure) {
        for (Entry entry : open) {
            if (entry.kind() == Kind.HOOK) {
                if (!failure.isEmpty()) {
                    entry.fail(failure);
                }
                end(entry, now);
                return;
            }
        }
    }
}
