package dev.commithooks.testing;

import dev.commithooks.change.Change;
import dev.commithooks.change.Deleted;
import dev.commithooks.change.Inserted;
import dev.commithooks.change.Updated;
import dev.commithooks.hook.HookContext;
import dev.commithooks.hook.RecordHooks;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jooq.Record;
import org.jooq.Table;

/**
 * Hooks for every table that write down each call as one line: {@code after insert author[1]}, and of a failure its stage.
 */
public class HookJournal implements RecordHooks<Record> {

    private final List<String> events = Collections.synchronizedList(new ArrayList<>());

    /** What was called so far, in order. */
    public List<String> events() {
        return List.copyOf(events);
    }

    /** What was called since the last time, in order. */
    public List<String> drain() {
        List<String> drained = List.copyOf(events);
        events.clear();
        return drained;
    }

    /** Adds a line of the test's own. */
    public void add(String event) {
        events.add(event);
    }

    /** The row of a change, as it is written down. */
    public static String describe(Change<?> change) {
        Table<?> table = change.table();
        String verb = switch (change.type()) {
            case INSERT -> "insert ";
            case UPDATE -> "update ";
            case DELETE -> "delete ";
        };
        return verb
                + table.getName()
                + change.key().map(key -> key.values().toString()).orElse("[?]");
    }

    @Override
    public void beforeCommitInsert(Inserted<Record> change, HookContext ctx) throws Exception {
        before(change, ctx);
    }

    @Override
    public void beforeCommitUpdate(Updated<Record> change, HookContext ctx) throws Exception {
        before(change, ctx);
    }

    @Override
    public void beforeCommitDelete(Deleted<Record> change, HookContext ctx) throws Exception {
        before(change, ctx);
    }

    /** Any before hook. */
    protected void before(Change<Record> change, HookContext ctx) throws Exception {
        add("before " + describe(change));
    }

    @Override
    public void afterCommitInsert(Inserted<Record> change, HookContext ctx) throws Exception {
        after(change, ctx);
    }

    @Override
    public void afterCommitUpdate(Updated<Record> change, HookContext ctx) throws Exception {
        after(change, ctx);
    }

    @Override
    public void afterCommitDelete(Deleted<Record> change, HookContext ctx) throws Exception {
        after(change, ctx);
    }

    /** Any after hook. */
    protected void after(Change<Record> change, HookContext ctx) throws Exception {
        add("after " + describe(change));
    }

    @Override
    public void failedCommitInsert(Inserted<Record> change, HookContext ctx) throws Exception {
        failed(change, ctx);
    }

    @Override
    public void failedCommitUpdate(Updated<Record> change, HookContext ctx) throws Exception {
        failed(change, ctx);
    }

    @Override
    public void failedCommitDelete(Deleted<Record> change, HookContext ctx) throws Exception {
        failed(change, ctx);
    }

    /** Any failed hook. */
    protected void failed(Change<Record> change, HookContext ctx) throws Exception {
        add("failed " + ctx.failure().orElseThrow().stage() + " " + describe(change));
    }

    @Override
    public void inDoubt(Change<Record> change, HookContext ctx) throws Exception {
        add("in doubt " + describe(change));
    }
}
