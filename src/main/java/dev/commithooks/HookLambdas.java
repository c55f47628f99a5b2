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
 * One table's hooks as lambdas, under the names of the methods they stand for. Used by the thread, and for the time, in which
 * {@link CommitHooksBuilder#on(Table, java.util.function.Consumer)} runs.
 *
 * @param <R> the table's record type
 */
public final class HookLambdas<R extends Record> {

    private final Table<?> table;
    private final HookOptions options;
    private final List<Registration> registrations = new ArrayList<>();

    HookLambdas(Table<?> table, HookOptions options) {
        this.table = table;
        this.options = options;
    }

    List<Registration> registrations() {
        return registrations;
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

    private HookLambdas<R> add(HookMethod method, HookLambda<?> lambda) {
        registrations.add(Registration.of(table, method, Objects.requireNonNull(lambda, "lambda"), options));
        return this;
    }
}
