package dev.commithooks.engine.capture;

import dev.commithooks.change.ChangeType;
import dev.commithooks.engine.log.Write;
import dev.commithooks.engine.registry.HookedTable;
import dev.commithooks.policy.OldRows;
import org.jooq.ExecuteContext;
import org.jooq.impl.QOM;
import org.jspecify.annotations.Nullable;

/** What the server is asked about the row of a record's statement, in that statement: both its versions, or what an upsert did. */
final class AskedRow {

    private final @Nullable ServerRow versions;
    private final @Nullable UpsertQuestion upsert;

    private AskedRow(@Nullable ServerRow versions, @Nullable UpsertQuestion upsert) {
        this.versions = versions;
        this.upsert = upsert;
    }

    /** Puts the questions into the statement that is prepared, where there are some and the server has answers. */
    static AskedRow of(Capture capture, ExecuteContext ctx, HookedTable table) {
        boolean isUpsert = isUpsert(ctx);
        boolean hasOldRow = isUpsert || !(ctx.query() instanceof QOM.Insert<?>);
        if (hasOldRow && table.oldRows() == OldRows.FROM_DATABASE) {
            ServerRow versions = capture.dml().askForBothRows(ctx, table);
            if (versions != null) {
                return new AskedRow(versions, null);
            }
        }
        return new AskedRow(null, isUpsert ? UpsertQuestion.ask(ctx, table, capture.catalogue()) : null);
    }

    private static boolean isUpsert(ExecuteContext ctx) {
        return ctx.query() instanceof QOM.Insert<?> insert && insert.$onDuplicateKeyUpdate();
    }

    /**
     * The write that is about to be sent.
     *
     * @return why the database does not tell what an upsert does; null where it does, and of other statements
     */
    @Nullable
    String expect(ExecuteContext ctx, Write write) {
        if (versions != null) {
            versions.expect(write);
            return null;
        }
        boolean isAnswered = upsert != null || write.type() == ChangeType.INSERT;
        return isAnswered || !isUpsert(ctx) ? null : UpsertQuestion.refusal(ctx);
    }

    boolean tellsVersions() {
        return versions != null;
    }

    /** The row as the server told it; null if it was not asked for, or did not tell. */
    @Nullable
    Write write() {
        return versions == null ? null : versions.write();
    }

    /** What the statement did to the row. */
    ChangeType type(Write write) {
        return upsert == null ? write.type() : upsert.answer(write.type());
    }
}
