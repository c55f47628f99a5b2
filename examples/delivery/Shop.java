package delivery;

import static dev.commithooks.bookshop.shop.Tables.CUSTOMER;
import static dev.commithooks.bookshop.shop.Tables.PURCHASE;

import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.shop.tables.records.CustomerRecord;
import dev.commithooks.bookshop.shop.tables.records.PurchaseRecord;
import dev.commithooks.change.Inserted;
import dev.commithooks.durable.DbSchedulerDelivery;
import dev.commithooks.durable.DeliverySettings;
import dev.commithooks.hook.AfterCommitHooks;
import dev.commithooks.hook.HookContext;
import dev.commithooks.hook.HookOptions;
import java.time.Duration;
import java.util.UUID;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.postgresql.ds.PGSimpleDataSource;

/** One node of the shop: it takes orders, and mails those that any node took. */
public final class Shop {

    private Shop() {}

    /** Mails a confirmation of each order. */
    private record Confirmations(MailServer server) implements AfterCommitHooks<PurchaseRecord> {

        @Override
        public void afterCommitInsert(Inserted<PurchaseRecord> order, HookContext ctx) {
            server.send(order.row().getId(), ctx.delivery().orElseThrow().attempt());
            System.out.println("mailed " + order.row().getId());
        }
    }

    /** Takes the database's URL, user and password, the mail server's file, and how many orders to take. */
    public static void main(String... args) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setURL(args[0]);
        dataSource.setUser(args[1]);
        dataSource.setPassword(args[2]);
        DSLContext dsl = open(dataSource, new MailServer(args[3]));
        for (int order = 0; order < Integer.parseInt(args[4]); order++) {
            dsl.transaction(tx -> take(tx.dsl()));
        }
    }

    private static DSLContext open(DataSource dataSource, MailServer mail) {
        DeliverySettings settings = DeliverySettings.defaults()
                .polling(Duration.ofMillis(100))
                .backoff(Duration.ofMillis(50), Duration.ofMinutes(1))
                .heartbeat(Duration.ofMillis(100));
        // region: durable
        DbSchedulerDelivery delivery = DbSchedulerDelivery.on(dataSource, settings);
        CommitHooks hooks = CommitHooks.builder()
                .register(PURCHASE, new Confirmations(mail), HookOptions.durable("confirmations"))
                .durable(delivery)
                .build();
        delivery.start(); // on every node that is to deliver
        // endregion
        return hooks.attachTo(DSL.using(dataSource, SQLDialect.POSTGRES));
    }

    private static void take(DSLContext dsl) {
        CustomerRecord customer = dsl.newRecord(CUSTOMER);
        customer.setId(UUID.randomUUID());
        customer.setName("Ann");
        customer.setEmail(customer.getId() + "@example.org");
        customer.store();
        PurchaseRecord order = dsl.newRecord(PURCHASE);
        order.setCustomerId(customer.getId());
        order.store();
    }
}
