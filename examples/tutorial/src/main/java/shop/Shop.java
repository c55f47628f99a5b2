package shop;

import static shop.db.Tables.PRODUCT;
import static shop.db.Tables.PURCHASE;

import java.math.BigDecimal;
import org.jooq.DSLContext;
import shop.db.tables.records.PurchaseRecord;

/** The shop: ordinary jOOQ, which knows of no hook. */
public final class Shop {

    private final DSLContext dsl;

    public Shop(DSLContext dsl) {
        this.dsl = dsl;
    }

    // region: tutorial-shop
    /** Sells a product; the result is the purchase's number. */
    public long buy(String customer, long product, int quantity) {
        return dsl.transactionResult(tx -> {
            PurchaseRecord purchase = tx.dsl().newRecord(PURCHASE);
            purchase.setCustomer(customer);
            purchase.setProductId(product);
            purchase.setQuantity(quantity);
            purchase.store();
            return purchase.getId();
        });
    }

    /** Multiplies all prices. */
    public int sale(String factor) {
        return dsl.update(PRODUCT)
                .set(PRODUCT.PRICE, PRODUCT.PRICE.times(new BigDecimal(factor)))
                .execute();
    }
    // endregion
}
