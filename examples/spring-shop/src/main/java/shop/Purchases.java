package shop;

import static shop.db.Tables.PRODUCT;
import static shop.db.Tables.PURCHASE;

import org.jooq.DSLContext;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import shop.db.tables.records.PurchaseRecord;

/** What customers buy. It knows nothing of stock and mails: hooks of the table do. */
@Service
public class Purchases {

    private final DSLContext dsl;

    Purchases(DSLContext dsl) {
        this.dsl = dsl;
    }

    // region: spring-service
    /** Stores a purchase for each product, all of them or none. */
    @Transactional
    public void buy(Order order) {
        for (Order.Line line : order.lines()) {
            PurchaseRecord purchase = dsl.newRecord(PURCHASE);
            purchase.setCustomer(order.customer());
            purchase.setProductId(productId(line.product()));
            purchase.setQuantity(line.quantity());
            purchase.store();
        }
    }
    // endregion

    private long productId(String name) {
        return dsl.select(PRODUCT.ID)
                .from(PRODUCT)
                .where(PRODUCT.NAME.eq(name))
                .fetchOptional(PRODUCT.ID)
                .orElseThrow(() -> new Refusal("there is no " + name));
    }
}
