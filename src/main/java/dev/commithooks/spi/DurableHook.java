package dev.commithooks.spi;

import dev.commithooks.change.Change;
import dev.commithooks.hook.HookContext;
import java.util.List;
import org.jooq.Table;

/** A durable hook as it was registered, to be called by a {@link DurableDelivery}. Thread-safe. */
public sealed interface DurableHook {

    /** The name under which its calls are stored; it outlives the class. */
    String name();

    /** The after hook of one table. Implemented by the library. */
    non-sealed interface OnTable extends DurableHook {

        /** The table. */
        Table<?> table();

        /** Calls the method for a change of its type; does nothing where there is none. */
        void call(Change<?> change, HookContext ctx) throws Exception;

        /** Calls the method for all of the changes; does nothing where there is none. */
        void callSet(List<? extends Change<?>> changes, HookContext ctx) throws Exception;
    }

    /** A callback that takes a text. Implemented by the library. */
    non-sealed interface OnText extends DurableHook {

        /** Calls it. */
        void call(String text, HookContext ctx) throws Exception;
    }
}
