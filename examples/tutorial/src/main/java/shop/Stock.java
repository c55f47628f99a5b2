package shop;

import static shop.db.Tables.PRODUCT;

import dev.commithooks.change.Inserted;
import dev.commithooks.hook.BeforeCommitHooks;
import dev.commithooks.hook.HookContext;
import shop.db.tables.records.ProductRecord;
import shop.db.tables.records.PurchaseRecord;

// region: tutorial-before
/** Takes what is sold from the stock, and refuses to sell what is not there. */
final class Stock implements BeforeCommitHooks<PurchaseRecord> {

    @Override
    public void beforeCommitInsert(Inserted<PurchaseRecord> purchase, HookContext ctx) {
        ProductRecord product = ctx.dsl()
                .selectFrom(PRODUCT)
                .where(PRODUCT.ID.eq(purchase.row().getProductId()))
                .forUpdate()
                .fetchSingle();
        int left = product.getStock() - purchase.row().getQuantity();
        if (left < 0) {
            throw new IllegalStateException("only " + product.getStock() + " of " + product.getName() + " are left");
        }
        product.setStock(left);
        product.store(); // committed together with the purchase
    }
}
// endregion
