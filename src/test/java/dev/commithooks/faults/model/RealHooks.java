package dev.commithooks.faults.model;

import dev.commithooks.HookLambdas;
import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.change.Change;
import dev.commithooks.faults.model.Tree.Deed;
import dev.commithooks.faults.model.World.HookException;
import dev.commithooks.hook.HookContext;
import java.util.List;
import java.util.Map;

/** A tree's hooks: they note, and do their deeds. */
final class RealHooks {

    private final List<String> events;
    private final Tree tree;
    private final Accounts accounts;

    RealHooks(List<String> events, Tree tree, Accounts accounts) {
        this.events = events;
        this.tree = tree;
        this.accounts = accounts;
    }

    private int note(String phase, Change<AccountRecord> change, HookContext ctx) {
        int row = accounts.row(change);
        String stage = ctx.failure().map(failure -> " " + failure.stage()).orElse("");
        events.add(phase + " " + change.type() + " " + row + stage);
        return row;
    }

    private void before(Change<AccountRecord> change, HookContext ctx) {
        int row = note("before", change, ctx);
        throwIf(Deed.BEFORE_THROWS, row);
        if (tree.deeds().get(row) == Deed.BEFORE_WRITES) {
            accounts.created(ctx.dsl().configuration(), row + 100).store();
        }
    }

    private void after(Change<AccountRecord> change, HookContext ctx) {
        int row = note("after", change, ctx);
        throwIf(Deed.AFTER_THROWS, row);
        if (tree.deeds().get(row) == Deed.AFTER_WRITES) {
            ctx.dsl().transaction(tx -> accounts.created(tx, row + 200).store());
        }
    }

    private void failed(Change<AccountRecord> change, HookContext ctx) {
        throwIf(Deed.FAILED_THROWS, note("failed", change, ctx));
    }

    private void throwIf(Deed deed, int row) {
        if (tree.deeds().get(row) == deed) {
            throw new HookException();
        }
    }

    private void inDoubt(Change<AccountRecord> change, HookContext ctx) {
        note("inDoubt", change, ctx);
    }

    /** Those that the tree has; with all others the one that takes every change, too. */
    void registerIn(HookLambdas<AccountRecord> on) {
        if (tree.missing().isEmpty()) {
            on.inDoubt(this::inDoubt);
        }
        Map<String, Runnable> registrations = Map.of(
                "before INSERT", () -> on.beforeCommitInsert(this::before),
                "before UPDATE", () -> on.beforeCommitUpdate(this::before),
                "before DELETE", () -> on.beforeCommitDelete(this::before),
                "after INSERT", () -> on.afterCommitInsert(this::after),
                "after UPDATE", () -> on.afterCommitUpdate(this::after),
                "after DELETE", () -> on.afterCommitDelete(this::after),
                "failed INSERT", () -> on.failedCommitInsert(this::failed),
                "failed UPDATE", () -> on.failedCommitUpdate(this::failed),
                "failed DELETE", () -> on.failedCommitDelete(this::failed));
        registrations.forEach((hook, register) -> {
            if (!tree.missing().contains(hook)) {
                register.run();
            }
        });
    }
}
