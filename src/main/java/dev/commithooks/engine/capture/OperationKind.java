package dev.commithooks.engine.capture;

import dev.commithooks.change.ChangeType;
import dev.commithooks.engine.registry.HookedTable;

/** What a record is asked to do. */
enum OperationKind {
    INSERT,
    UPDATE,
    MERGE,
    DELETE;

    /** Whether any hook of the table takes what may come of it. */
    boolean isHooked(HookedTable table) {
        return switch (this) {
            case INSERT -> table.hooked(ChangeType.INSERT);
            case UPDATE -> table.hooked(ChangeType.UPDATE);
            case MERGE -> table.hooked(ChangeType.INSERT) || table.hooked(ChangeType.UPDATE);
            case DELETE -> table.hooked(ChangeType.DELETE);
        };
    }
}
