package shop;

import dev.commithooks.change.Inserted;
import dev.commithooks.hook.AfterCommitHooks;
import dev.commithooks.hook.FailedCommitHooks;
import dev.commithooks.hook.HookContext;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.stereotype.Component;
import shop.db.tables.records.PurchaseRecord;

// region: spring-hook-bean
/** The mails to customers. What is committed is confirmed, and nothing else. */
@Component
class Mails implements AfterCommitHooks<PurchaseRecord>, FailedCommitHooks<PurchaseRecord> {

    private final List<String> sent = new CopyOnWriteArrayList<>();

    @Override
    public void afterCommitInsert(Inserted<PurchaseRecord> purchase, HookContext ctx) {
        sent.add("Thank you, " + purchase.row().getCustomer() + ", for purchase "
                + purchase.row().getId());
    }

    @Override
    public void failedCommitInsert(Inserted<PurchaseRecord> purchase, HookContext ctx) {
        sent.add("Sorry, " + purchase.row().getCustomer() + ", you did not buy anything");
    }

    List<String> sent() {
        return List.copyOf(sent);
    }
}
// endregion
