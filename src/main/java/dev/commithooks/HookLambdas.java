package dev.commithooks;

import dev.commithooks.change.Change;
import dev.commithooks.change.Deleted;
import dev.commithooks.change.Inserted;
import dev.commithooks.change.TableChanges;
import dev.commithooks.change.Updated;
import dev.commithooks.engine.registry.HookMethod;
import dev.commithooks.engine.registry.Registration;
import dev.commithooks.hook.HookLambda;
import dev.commithooks.hook.HookOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jooq.Record;
import org.jooq.Table;

/**
 * Takes one table's hooks as lambdas, under the names of the methods they stand for. Used while
 * {@link CommitHooksBuilder#on} runs.
 *
 * @param <R> the table's record type
 */
public final class HookLambdas<R extends Record> {

    private final Table<?> table;
    private final List<Registration> registrations = new ArrayList<>();
    private HookOptions options = new HookOptions(null, 0, false);

    HookLambdas(Table<?> table) {
        this.table = table;
    }

    List<Registration> registrations() {
        return registrations;
    }

    /** Names the lambdas that follow. By default a lambda is named after the class it is written in. */
    public HookLambdas<R> named(String name) {
        options = HookOptions.named(name).order(options.order());
        return this;
    }

    /** Names the lambdas that follow, and has their calls stored; see {@link HookOptions#durable(String)}. */
    public HookLambdas<R> durable(String name) {
        options = HookOptions.durable(name).order(options.order());
        return this;
    }

    /** Puts the lambdas that follow in this place among the table's hooks. */
    public HookLambdas<R> order(int order) {
        options = options.order(order);
        return this;
    }

    /** See {@link dev.commithooks.hook.BeforeCommitHooks#beforeCommitInsert}. */
    public HookLambdas<R> beforeCommitInsert(HookLambda<Inserted<R>> lambda) {
        return add(HookMethod.BEFORE_INSERT, lambda);
    }

    /** See {@link dev.commithooks.hook.BeforeCommitHooks#beforeCommitUpdate}. */
    public HookLambdas<R> beforeCommitUpdate(HookLambda<Updated<R>> lambda) {
        return add(HookMethod.BEFORE_UPDATE, lambda);
    }

    /** See {@link dev.commithooks.hook.BeforeCommitHooks#beforeCommitDelete}. */
    public HookLambdas<R> beforeCommitDelete(HookLambda<Deleted<R>> lambda) {
        return add(HookMethod.BEFORE_DELETE, lambda);
    }

    /** See {@link dev.commithooks.hook.BeforeCommitHooks#beforeCommit}. */
    public HookLambdas<R> beforeCommit(HookLambda<TableChanges<R>> lambda) {
        return add(HookMethod.BEFORE_SET, lambda);
    }

    /** See {@link dev.commithooks.hook.AfterCommitHooks#afterCommitInsert}. */
    public HookLambdas<R> afterCommitInsert(HookLambda<Inserted<R>> lambda) {
        return add(HookMethod.AFTER_INSERT, lambda);
    }

    /** See {@link dev.commithooks.hook.AfterCommitHooks#afterCommitUpdate}. */
    public HookLambdas<R> afterCommitUpdate(HookLambda<Updated<R>> lambda) {
        return add(HookMethod.AFTER_UPDATE, lambda);
    }

    /** See {@link dev.commithooks.hook.AfterCommitHooks#afterCommitDelete}. */
    public HookLambdas<R> afterCommitDelete(HookLambda<Deleted<R>> lambda) {
        return add(HookMethod.AFTER_DELETE, lambda);
    }

    /** See {@link dev.commithooks.hook.AfterCommitHooks#afterCommit}. */
    public HookLambdas<R> afterCommit(HookLambda<TableChanges<R>> lambda) {
        return add(HookMethod.AFTER_SET, lambda);
    }

    /** See {@link dev.commithooks.hook.FailedCommitHooks#failedCommitInsert}. */
    public HookLambdas<R> failedCommitInsert(HookLambda<Inserted<R>> lambda) {
        return add(HookMethod.FAILED_INSERT, lambda);
    }

    /** See {@link dev.commithooks.hook.FailedCommitHooks#failedCommitUpdate}. */
    public HookLambdas<R> failedCommitUpdate(HookLambda<Updated<R>> lambda) {
        return add(HookMethod.FAILED_UPDATE, lambda);
    }

    /** See {@link dev.commithooks.hook.FailedCommitHooks#failedCommitDelete}. */
    public HookLambdas<R> failedCommitDelete(HookLambda<Deleted<R>> lambda) {
        return add(HookMethod.FAILED_DELETE, lambda);
    }

    /** See {@link dev.commithooks.hook.FailedCommitHooks#failedCommit}. */
    public HookLambdas<R> failedCommit(HookLambda<TableChanges<R>> lambda) {
        return add(HookMethod.FAILED_SET, lambda);
    }

    /** See {@link dev.commithooks.hook.InDoubtHooks#inDoubt}. */
    public HookLambdas<R> inDoubt(HookLambda<Change<R>> lambda) {
        return add(HookMethod.IN_DOUBT, lambda);
    }

    /** A lambda's class is named after the class it is written in, and a number that says nothing. */
    private static String placeOf(HookLambda<?> lambda) {
        String simple = lambda.getClass().getSimpleName();
        int generated = simple.indexOf("$$Lambda");
        return generated < 0 ? simple : "lambda in " + simple.substring(0, generated);
    }

    private HookLambdas<R> add(HookMethod method, HookLambda<?> lambda) {
        Objects.requireNonNull(lambda, "lambda");
        String name = options.name() == null ? placeOf(lambda) : options.name();
        registrations.add(Registration.of(table, name, options.order(), options.durable(), method, lambda));
        return this;
    }
}
