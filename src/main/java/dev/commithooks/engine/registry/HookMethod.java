package dev.commithooks.engine.registry;

import static dev.commithooks.change.ChangeType.DELETE;
import static dev.commithooks.change.ChangeType.INSERT;
import static dev.commithooks.change.ChangeType.UPDATE;

import dev.commithooks.change.Change;
import dev.commithooks.change.ChangeType;
import dev.commithooks.change.Deleted;
import dev.commithooks.change.Inserted;
import dev.commithooks.change.TableChanges;
import dev.commithooks.change.Updated;
import dev.commithooks.hook.AfterCommitHooks;
import dev.commithooks.hook.BeforeCommitHooks;
import dev.commithooks.hook.CommitHook;
import dev.commithooks.hook.FailedCommitHooks;
import dev.commithooks.hook.HookContext;
import dev.commithooks.hook.InDoubtHooks;
import dev.commithooks.spi.HookObserver.Phase;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The methods that a hook may override. */
public enum HookMethod {
    BEFORE_INSERT(Phase.BEFORE, INSERT, "beforeCommitInsert", Inserted.class, BeforeCommitHooks.class),
    BEFORE_UPDATE(Phase.BEFORE, UPDATE, "beforeCommitUpdate", Updated.class, BeforeCommitHooks.class),
    BEFORE_DELETE(Phase.BEFORE, DELETE, "beforeCommitDelete", Deleted.class, BeforeCommitHooks.class),
    BEFORE_SET(Phase.BEFORE, null, "beforeCommit", TableChanges.class, BeforeCommitHooks.class),
    AFTER_INSERT(Phase.AFTER, INSERT, "afterCommitInsert", Inserted.class, AfterCommitHooks.class),
    AFTER_UPDATE(Phase.AFTER, UPDATE, "afterCommitUpdate", Updated.class, AfterCommitHooks.class),
    AFTER_DELETE(Phase.AFTER, DELETE, "afterCommitDelete", Deleted.class, AfterCommitHooks.class),
    AFTER_SET(Phase.AFTER, null, "afterCommit", TableChanges.class, AfterCommitHooks.class),
    FAILED_INSERT(Phase.FAILED, INSERT, "failedCommitInsert", Inserted.class, FailedCommitHooks.class),
    FAILED_UPDATE(Phase.FAILED, UPDATE, "failedCommitUpdate", Updated.class, FailedCommitHooks.class),
    FAILED_DELETE(Phase.FAILED, DELETE, "failedCommitDelete", Deleted.class, FailedCommitHooks.class),
    FAILED_SET(Phase.FAILED, null, "failedCommit", TableChanges.class, FailedCommitHooks.class),
    IN_DOUBT(Phase.IN_DOUBT, null, "inDoubt", Change.class, InDoubtHooks.class);

    private final Phase phase;
    private final @Nullable ChangeType type;
    private final String methodName;
    private final Class<?> payload;
    private final Class<?> declaredBy;

    HookMethod(Phase phase, @Nullable ChangeType type, String methodName, Class<?> payload, Class<?> declaredBy) {
        this.phase = phase;
        this.type = type;
        this.methodName = methodName;
        this.payload = payload;
        this.declaredBy = declaredBy;
    }

    /** The phase in which it is called. */
    public Phase phase() {
        return phase;
    }

    /** Its name in the interface. */
    public String methodName() {
        return methodName;
    }

    /** Whether it is called once for a table's changes, not for each. */
    public boolean takesSet() {
        return payload == TableChanges.class;
    }

    /** Whether changes of this type reach it, alone or in a set. */
    public boolean takes(ChangeType other) {
        return type == null || type == other;
    }

    /** The methods that the class behind the hook overrides; a proxy's own class overrides all. */
    static List<HookMethod> overriddenBy(CommitHook<?> hook, Class<?> hookClass) {
        List<HookMethod> overridden = new ArrayList<>();
        for (HookMethod method : values()) {
            if (method.declaredBy.isInstance(hook)
                    && method.declaredBy.isAssignableFrom(hookClass)
                    && method.isOverriddenIn(hookClass)) {
                overridden.add(method);
            }
        }
        return overridden;
    }

    private boolean isOverriddenIn(Class<?> hookClass) {
        try {
            return hookClass.getMethod(methodName, payload, HookContext.class).getDeclaringClass() != declaredBy;
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(hookClass + " implements " + declaredBy + " but has no " + methodName, e);
        }
    }

    /** The call of this method on a hook. */
    @SuppressWarnings("unchecked") // a hook registered for a table takes the table's changes
    HookCall callOn(CommitHook<?> hook) {
        return switch (this) {
            case BEFORE_INSERT -> (c, ctx) -> before(hook).beforeCommitInsert((Inserted<org.jooq.Record>) c, ctx);
            case BEFORE_UPDATE -> (c, ctx) -> before(hook).beforeCommitUpdate((Updated<org.jooq.Record>) c, ctx);
            case BEFORE_DELETE -> (c, ctx) -> before(hook).beforeCommitDelete((Deleted<org.jooq.Record>) c, ctx);
            case BEFORE_SET -> (c, ctx) -> before(hook).beforeCommit((TableChanges<org.jooq.Record>) c, ctx);
            case AFTER_INSERT -> (c, ctx) -> after(hook).afterCommitInsert((Inserted<org.jooq.Record>) c, ctx);
            case AFTER_UPDATE -> (c, ctx) -> after(hook).afterCommitUpdate((Updated<org.jooq.Record>) c, ctx);
            case AFTER_DELETE -> (c, ctx) -> after(hook).afterCommitDelete((Deleted<org.jooq.Record>) c, ctx);
            case AFTER_SET -> (c, ctx) -> after(hook).afterCommit((TableChanges<org.jooq.Record>) c, ctx);
            case FAILED_INSERT -> (c, ctx) -> failed(hook).failedCommitInsert((Inserted<org.jooq.Record>) c, ctx);
            case FAILED_UPDATE -> (c, ctx) -> failed(hook).failedCommitUpdate((Updated<org.jooq.Record>) c, ctx);
            case FAILED_DELETE -> (c, ctx) -> failed(hook).failedCommitDelete((Deleted<org.jooq.Record>) c, ctx);
            case FAILED_SET -> (c, ctx) -> failed(hook).failedCommit((TableChanges<org.jooq.Record>) c, ctx);
            case IN_DOUBT ->
                (c, ctx) -> ((InDoubtHooks<org.jooq.Record>) hook).inDoubt((Change<org.jooq.Record>) c, ctx);
        };
    }

    @SuppressWarnings("unchecked")
    private static BeforeCommitHooks<org.jooq.Record> before(CommitHook<?> hook) {
        return (BeforeCommitHooks<org.jooq.Record>) hook;
    }

    @SuppressWarnings("unchecked")
    private static AfterCommitHooks<org.jooq.Record> after(CommitHook<?> hook) {
        return (AfterCommitHooks<org.jooq.Record>) hook;
    }

    @SuppressWarnings("unchecked")
    private static FailedCommitHooks<org.jooq.Record> failed(CommitHook<?> hook) {
        return (FailedCommitHooks<org.jooq.Record>) hook;
    }
}
