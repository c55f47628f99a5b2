package dev.commithooks.recording;

import dev.commithooks.change.Change;
import dev.commithooks.change.Deleted;
import dev.commithooks.change.Inserted;
import dev.commithooks.change.Updated;
import dev.commithooks.hook.HookContext;
import dev.commithooks.hook.RecordHooks;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jooq.Record;

/** Hooks that remember the changes they were called with. */
final class Told implements RecordHooks<Record> {

    private final List<Change<?>> before = new CopyOnWriteArrayList<>();
    private final List<Change<?>> after = new CopyOnWriteArrayList<>();
    private final List<Change<?>> failed = new CopyOnWriteArrayList<>();
    private final List<Change<?>> inDoubt = new CopyOnWriteArrayList<>();

    List<Change<?>> before() {
        return List.copyOf(before);
    }

    List<Change<?>> after() {
        return List.copyOf(after);
    }

    List<Change<?>> failed() {
        return List.copyOf(failed);
    }

    List<Change<?>> inDoubt() {
        return List.copyOf(inDoubt);
    }

    List<Change<?>> drainAfter() {
        List<Change<?>> drained = after();
        clear();
        return drained;
    }

    void clear() {
        before.clear();
        after.clear();
        failed.clear();
        inDoubt.clear();
    }

    @Override
    public void beforeCommitInsert(Inserted<Record> change, HookContext ctx) {
        before.add(change);
    }

    @Override
    public void beforeCommitUpdate(Updated<Record> change, HookContext ctx) {
        before.add(change);
    }

    @Override
    public void beforeCommitDelete(Deleted<Record> change, HookContext ctx) {
        before.add(change);
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

    @Override
    public void failedCommitInsert(Inserted<Record> change, HookContext ctx) {
        failed.add(change);
    }

    @Override
    public void failedCommitUpdate(Updated<Record> change, HookContext ctx) {
        failed.add(change);
    }

    @Override
    public void failedCommitDelete(Deleted<Record> change, HookContext ctx) {
        failed.add(change);
    }

    @Override
    public void inDoubt(Change<Record> change, HookContext ctx) {
        inDoubt.add(change);
    }
}
