package dev.commithooks.engine.log;

import dev.commithooks.change.Change;
import dev.commithooks.change.StatementSummary;
import dev.commithooks.engine.registry.HookMethod;
import dev.commithooks.engine.registry.HookedTable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jooq.Configuration;
import org.jspecify.annotations.Nullable;

/** An effect of statements, as hooks get it: the change of one row, or the summary of a statement that wrote very many. */
public sealed interface Effect permits RowChange, Recorded {

    /** The table and its hooks. */
    HookedTable hookedTable();

    /** The table's name in SQL, after any schema mapping. */
    String tableName();

    /** The place in the log of the write or summary that it stands where. */
    int position();

    /** Whether a hook's method is called for it, alone or in a set. */
    boolean reaches(HookMethod method);

    /**
     * Changes of their own for one hook call.
     *
     * @param attachment what their records are attached to, asked for when one is made; null for none
     */
    static List<Change<?>> changes(List<? extends Effect> effects, @Nullable Supplier<Configuration> attachment) {
        List<Change<?>> changes = new ArrayList<>(effects.size());
        for (Effect effect : effects) {
            if (effect instanceof RowChange change) {
                changes.add(change.toChange(attachment));
            }
        }
        return changes;
    }

    /** The summaries among them. */
    static List<StatementSummary> summaries(List<? extends Effect> effects) {
        List<StatementSummary> summaries = List.of();
        for (Effect effect : effects) {
            if (effect instanceof Summary summary) {
                summaries = summaries.isEmpty() ? new ArrayList<>(1) : summaries;
                summaries.add(summary.statement());
            }
        }
        return summaries;
    }
}
