package shop;

import dev.commithooks.change.Inserted;
import dev.commithooks.hook.AfterCommitHooks;
import dev.commithooks.hook.HookContext;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import shop.db.tables.records.PurchaseRecord;

// region: tutorial-durable
/** Mails a confirmation of each purchase. */
final class Confirmations implements AfterCommitHooks<PurchaseRecord> {

    private final BlockingQueue<String> mails = new LinkedBlockingQueue<>();

    @Override
    public void afterCommitInsert(Inserted<PurchaseRecord> purchase, HookContext ctx) {
        mails.add("Thank you, " + purchase.row().getCustomer() + ", for purchase "
                + purchase.row().getId());
    }

    /** Waits for the next one. */
    String next() throws InterruptedException {
        return mails.take();
    }
}
// endregion
