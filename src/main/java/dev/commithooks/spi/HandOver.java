package dev.commithooks.spi;

import dev.commithooks.change.Change;
import java.util.List;

/** The arguments of one durable hook for one transaction. */
public sealed interface HandOver {

    /** Whom to call. */
    DurableHook hook();

    /** Changes, folded, in the order in which hooks see them. */
    record Changes(DurableHook.OnTable hook, List<? extends Change<?>> changes) implements HandOver {

        /** Copies the list. */
        public Changes {
            changes = List.copyOf(changes);
        }
    }

    /** A text that was handed over by hand. */
    record Text(DurableHook.OnText hook, String text) implements HandOver {}
}
