package dev.commithooks.engine.log;

import dev.commithooks.change.ChangeType;
import dev.commithooks.engine.registry.HookedTable;
import org.jspecify.annotations.Nullable;

/**
 * A write of a statement whose rows may take each other's keys, as a deferrable key allows: to the database all of them are written at
 * once, whatever the order in which it tells of them.
 */
public final class SimultaneousWrite extends Write {

    private final Object statement;

    /**
     * A write like any other.
     *
     * @param statement the execution of the statement, the same object for all its writes
     */
    public SimultaneousWrite(
            HookedTable hookedTable,
            String tableName,
            ChangeType type,
            @Nullable Object @Nullable [] before,
            @Nullable Object @Nullable [] set,
            @Nullable Object @Nullable [] returned,
            Object statement) {
        super(hookedTable, tableName, type, before, set, returned);
        this.statement = statement;
    }

    @Override
    Object statement() {
        return statement;
    }
}
