package shop;

import static shop.db.Tables.PRODUCT;

import dev.commithooks.change.Inserted;
import dev.commithooks.hook.BeforeCommitHooks;
import dev.commithooks.hook.HookContext;
import org.springframework.stereotype.Component;
import shop.db.tables.records.ProductRecord;
import shop.db.tables.records.PurchaseRecord;

/** Takes what was bought from the stock, in the transaction of the purchase and as the last thing in it, so that rows are locked shortly. */
@Component
class Stock implements BeforeCommitHooks<PurchaseRecord> {

    @Override
    public void beforeCommitInsert(Inserted<PurchaseRecord> purchase, HookContext ctx) {
        ProductRecord product = ctx.dsl()
                .selectFrom(PRODUCT)
                .where(PRODUCT.ID.eq(purchase.row().getProductId()))
                .forUpdate()
                .fetchSingle();
        int left = product.getStock() - purchase.row().getQuantity();
        if (left < 0) {
            throw new Refusal("only " + product.getStock() + " left of " + product.getName());
        }
        product.setStock(left);
        product.store();
    }
}
