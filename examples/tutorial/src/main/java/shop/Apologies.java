package shop;

import dev.commithooks.change.Change;
import dev.commithooks.change.Inserted;
import dev.commithooks.hook.FailedCommitHooks;
import dev.commithooks.hook.HookContext;
import dev.commithooks.hook.InDoubtHooks;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import shop.db.tables.records.PurchaseRecord;

// region: tutorial-failed
/** What customers are told where nothing was sold, or where nobody knows. */
final class Apologies implements FailedCommitHooks<PurchaseRecord>, InDoubtHooks<PurchaseRecord> {

    private final List<String> lines = new CopyOnWriteArrayList<>();

    @Override
    public void failedCommitInsert(Inserted<PurchaseRecord> purchase, HookContext ctx) {
        lines.add("sorry, " + purchase.row().getCustomer() + ": "
                + ctx.failure().orElseThrow().stage());
    }

    @Override
    public void inDoubt(Change<PurchaseRecord> purchase, HookContext ctx) {
        lines.add("somebody must look after " + purchase.key());
    }

    List<String> lines() {
        return List.copyOf(lines);
    }
}
// endregion
