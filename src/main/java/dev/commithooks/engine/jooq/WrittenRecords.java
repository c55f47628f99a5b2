package dev.commithooks.engine.jooq;

import dev.commithooks.engine.boundary.Level;
import dev.commithooks.engine.lookup.Lookup;
import dev.commithooks.engine.scope.TransactionScope;
import org.jooq.RecordContext;
import org.jooq.RecordListener;
import org.jooq.RecordListenerProvider;
import org.jooq.TableRecord;

/**
 * Tells transactions that restore records of each that is about to be written or refreshed, with hooks on its table or not. Apart
 * from the listener that captures writes, since either may be needed without the other.
 */
final class WrittenRecords implements RecordListener, RecordListenerProvider {

    private final Lookup lookup;

    WrittenRecords(Lookup lookup) {
        this.lookup = lookup;
    }

    @Override
    public RecordListener provide() {
        return this;
    }

    @Override
    public void storeStart(RecordContext ctx) {
        remember(ctx);
    }

    @Override
    public void insertStart(RecordContext ctx) {
        remember(ctx);
    }

    @Override
    public void updateStart(RecordContext ctx) {
        remember(ctx);
    }

    @Override
    public void mergeStart(RecordContext ctx) {
        remember(ctx);
    }

    @Override
    public void deleteStart(RecordContext ctx) {
        remember(ctx);
    }

    @Override
    public void refreshStart(RecordContext ctx) {
        remember(ctx);
    }

    private void remember(RecordContext ctx) {
        if (!(ctx.record() instanceof TableRecord<?> row)) {
            return;
        }
        Level level = lookup.entered(ctx.configuration());
        TransactionScope scope = level == null ? null : level.boundary().scope();
        if (scope != null && scope.restoresRecords()) {
            scope.remember(row, ctx.settings());
        }
    }
}
