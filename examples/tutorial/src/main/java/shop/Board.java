package shop;

import dev.commithooks.change.Inserted;
import dev.commithooks.hook.AfterCommitHooks;
import dev.commithooks.hook.HookContext;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import shop.db.tables.records.PurchaseRecord;

// region: tutorial-after
/** The board in the warehouse, which shows what is to be packed. */
final class Board implements AfterCommitHooks<PurchaseRecord> {

    private final List<String> lines = new CopyOnWriteArrayList<>();

    @Override
    public void afterCommitInsert(Inserted<PurchaseRecord> purchase, HookContext ctx) {
        lines.add(purchase.row().getQuantity() + " for " + purchase.row().getCustomer());
    }

    List<String> lines() {
        return List.copyOf(lines);
    }
}
// endregion
