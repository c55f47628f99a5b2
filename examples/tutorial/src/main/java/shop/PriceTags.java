package shop;

import static shop.db.Tables.PRODUCT;

import dev.commithooks.change.Updated;
import dev.commithooks.hook.AfterCommitHooks;
import dev.commithooks.hook.HookContext;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import shop.db.tables.records.ProductRecord;

// region: tutorial-statement
/** The price tags on the shelves. */
final class PriceTags implements AfterCommitHooks<ProductRecord> {

    private final List<String> lines = new CopyOnWriteArrayList<>();

    @Override
    public void afterCommitUpdate(Updated<ProductRecord> product, HookContext ctx) {
        if (product.changed(PRODUCT.PRICE)) {
            lines.add(product.row().getName() + " was " + product.oldRow().getPrice() + ", is "
                    + product.row().getPrice());
        }
    }

    List<String> lines() {
        return List.copyOf(lines);
    }
}
// endregion
