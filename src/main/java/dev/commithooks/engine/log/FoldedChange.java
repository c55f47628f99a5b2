package dev.commithooks.engine.log;

import dev.commithooks.change.Change;
import dev.commithooks.change.ChangeType;
import dev.commithooks.engine.registry.HookedTable;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jooq.Configuration;
import org.jooq.Field;
import org.jooq.Table;
import org.jspecify.annotations.Nullable;

/** The sum of several writes of a row. Altered only while it is being folded. */
final class FoldedChange implements RowChange {

    private final Write first;
    private ChangeType type;
    private @Nullable Object @Nullable [] after;
    /** The columns that update statements set are those of which this knows something. */
    private @Nullable Object @Nullable [] set;

    private boolean cancelled;

    FoldedChange(Write first) {
        this.first = first;
        this.type = first.type();
        this.after = first.after();
        this.set = first.set();
    }

    @Override
    public HookedTable hookedTable() {
        return first.hookedTable();
    }

    @Override
    public Table<?> table() {
        return first.table();
    }

    @Override
    public String tableName() {
        return first.tableName();
    }

    @Override
    public ChangeType type() {
        return type;
    }

    @Override
    public int position() {
        return first.position();
    }

    @Override
    public @Nullable Object @Nullable [] before() {
        return first.before();
    }

    @Override
    public @Nullable Object @Nullable [] after() {
        return after;
    }

    @Override
    public List<Field<?>> changedFields() {
        return Write.fieldsOf(first.hookedTable(), Objects.requireNonNull(set));
    }

    void after(@Nullable Object @Nullable [] image) {
        this.after = image;
    }

    /** A further update of the row. */
    void updated(Write write, @Nullable Object[] image) {
        after = image;
        if (type == ChangeType.UPDATE) {
            set = Write.overlay(Objects.requireNonNull(set), write.set());
        }
    }

    /** NET: an insert and then a delete is nothing. */
    void cancel() {
        cancelled = true;
    }

    boolean isCancelled() {
        return cancelled;
    }

    /** NET: an update and then a delete is a delete, with the first old image. */
    void turnIntoDelete() {
        type = ChangeType.DELETE;
        after = null;
    }

    /** NET: a delete and then an insert under the same key is an update, of the columns that the insert wrote. */
    void turnIntoUpdate(@Nullable Object[] image) {
        type = ChangeType.UPDATE;
        after = image;
        set = image;
    }

    @Override
    public Change<?> toChange(@Nullable Supplier<Configuration> attachment) {
        return Change.of(type, this, attachment);
    }

    @Override
    public String toString() {
        return toChange(null).toString();
    }
}
