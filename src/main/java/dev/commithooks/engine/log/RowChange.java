package dev.commithooks.engine.log;

import dev.commithooks.change.Change;
import dev.commithooks.change.ChangeType;
import dev.commithooks.engine.registry.HookMethod;
import dev.commithooks.row.RowVersions;
import java.util.function.Supplier;
import org.jooq.Configuration;
import org.jspecify.annotations.Nullable;

/** One row's change as hooks get it: a single write, or several writes of the row folded into one. */
public sealed interface RowChange extends RowVersions, Effect permits Write, FoldedChange {

    /** The kind of change. */
    ChangeType type();

    @Override
    default boolean reaches(HookMethod method) {
        return method.takes(type());
    }

    /**
     * A change of its own for one hook call.
     *
     * @param attachment what its records are attached to, asked for when one is made; null for none
     */
    Change<?> toChange(@Nullable Supplier<Configuration> attachment);
}
