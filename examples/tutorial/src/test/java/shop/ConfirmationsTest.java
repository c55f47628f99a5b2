package shop;

import static org.assertj.core.api.Assertions.assertThat;
import static shop.db.Tables.PRODUCT;
import static shop.db.Tables.PURCHASE;

import dev.commithooks.durable.DbSchedulerDelivery;
import java.math.BigDecimal;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ConfirmationsTest {

    // region: tutorial-durable-test
    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void aMailIsSentByAnotherNodeWhenThisOneIsGone() throws InterruptedException {
        DataSource database = ShopDatabase.dataSource();
        DSLContext thisNode = new ShopHooks()
                .all(DbSchedulerDelivery.on(database)) // it never starts to deliver, as if it died after COMMIT
                .attachTo(DSL.using(database, SQLDialect.POSTGRES));
        long purchase = new Shop(thisNode).buy("Ann", lavinia(thisNode), 1);

        ShopHooks another = new ShopHooks();
        try (DbSchedulerDelivery delivery = DbSchedulerDelivery.on(database)) {
            another.all(delivery);
            delivery.start();
            assertThat(another.confirmations.next()).isEqualTo("Thank you, Ann, for purchase " + purchase);
        }
    }
    // endregion

    /** It really commits, as what a crash leaves behind cannot be rolled back. */
    @AfterEach
    void clear() {
        DSL.using(ShopDatabase.dataSource(), SQLDialect.POSTGRES)
                .truncate(PURCHASE, PRODUCT)
                .execute();
    }

    private static long lavinia(DSLContext dsl) {
        return dsl.insertInto(PRODUCT, PRODUCT.NAME, PRODUCT.PRICE, PRODUCT.STOCK)
                .values("Lavinia", new BigDecimal("7.00"), 5)
                .returning(PRODUCT.ID)
                .fetchSingle()
                .getId();
    }
}
