package dev.commithooks.recording;

import dev.commithooks.change.Change;
import dev.commithooks.change.Deleted;
import dev.commithooks.change.Inserted;
import dev.commithooks.change.Updated;
import dev.commithooks.hook.AfterCommitHooks;
import dev.commithooks.hook.HookContext;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jooq.Record;

/** After hooks, and no others, that remember the changes they were called with. */
final class ToldAfter implements AfterCommitHooks<Record> {

    private final List<Change<?>> after = new CopyOnWriteArrayList<>();

    List<Change<?>> after() {
        return List.copyOf(after);
    }

    @Override
    public void afterCommitInsert(Inserted<Record> change, HookContext ctx) {
        after.add(change);
    }

    @Override
    public void afterCommitUpdate(Updated<Record> change, HookContext ctx) {
        after.add(change);
    }

    @Override
    public void afterCommitDelete(Deleted<Record> change, HookContext ctx) {
        after.add(change);
    }
}
