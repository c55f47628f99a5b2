package dev.commithooks.engine.log;

import dev.commithooks.change.RowVersions;
import dev.commithooks.engine.registry.HookedTable;

/** One change that hooks are told of: a write as it was, or several writes of a row folded into one. */
public sealed interface RowChange extends RowVersions permits Write, FoldedChange {

    /** The table and its hooks. */
    HookedTable hookedTable();

    /** The place in the log of the write it stands where. */
    int position();
}
