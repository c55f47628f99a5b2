package shop;

import static shop.db.Tables.PRODUCT;
import static shop.db.Tables.PURCHASE;

import dev.commithooks.CommitHooks;
import dev.commithooks.CommitHooksBuilder;
import dev.commithooks.durable.DbSchedulerDelivery;
import dev.commithooks.hook.HookOptions;

/** All hooks of the shop. */
final class ShopHooks {

    final Board board = new Board();
    final Apologies apologies = new Apologies();
    final PriceTags priceTags = new PriceTags();
    final Confirmations confirmations = new Confirmations();

    CommitHooksBuilder inMemory() {
        // region: tutorial-hooks
        return CommitHooks.builder()
                .register(PURCHASE, new Stock())
                .register(PURCHASE, board)
                .register(PURCHASE, apologies)
                .register(PRODUCT, priceTags);
        // endregion
    }

    CommitHooks all(DbSchedulerDelivery delivery) {
        // region: tutorial-durable-hooks
        return inMemory()
                .register(PURCHASE, confirmations, HookOptions.durable("confirmations"))
                .durable(delivery)
                .build();
        // endregion
    }
}
