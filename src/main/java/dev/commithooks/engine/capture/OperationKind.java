package dev.commithooks.engine.capture;

import org.jooq.Configuration;
import org.jooq.Query;
import org.jooq.Table;
import org.jooq.impl.QOM;
import org.jspecify.annotations.Nullable;

/** What a record is asked to do. */
enum OperationKind {
    INSERT,
    UPDATE,
    MERGE,
    DELETE;

    /** The kind of a query that is of the kind, table and configuration of such an operation's own; null if it is not. */
    @Nullable
    StatementKind ownKind(@Nullable Query query, Table<?> table, Configuration configuration) {
        if (query == null || query.configuration() != configuration) {
            return null;
        }
        StatementKind its = StatementKind.of(query);
        boolean own = switch (its) {
            case INSERT -> (this == INSERT || this == MERGE) && ((QOM.Insert<?>) query).$into() == table;
            // With optimistic locking a merge is a plain insert or update.
            case UPDATE -> (this == UPDATE || this == MERGE) && ((QOM.Update<?>) query).$table() == table;
            case DELETE -> this == DELETE && ((QOM.Delete<?>) query).$from() == table;
            default -> false;
        };
        return own ? its : null;
    }
}
