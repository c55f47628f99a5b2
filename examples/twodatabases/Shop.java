package twodatabases;

import static dev.commithooks.bookshop.shop.Tables.CUSTOMER;
import static dev.commithooks.bookshop.shop.Tables.PURCHASE;
import static dev.commithooks.bookshop.shop.Tables.STOCK;

import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.shop.tables.records.CustomerRecord;
import dev.commithooks.bookshop.shop.tables.records.PurchaseRecord;
import dev.commithooks.jta.JtaTransactions;
import dev.commithooks.jta.LateOutcome;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import io.agroal.narayana.NarayanaTransactionIntegration;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DefaultConfiguration;
import org.postgresql.xa.PGXADataSource;

/** The shop: it takes an order, or recovers what the shop that was killed has left. */
public final class Shop {

    static final String ORDER = "order";
    static final String RECOVER = "recover";

    private final Coordinator coordinator;
    private final JtaTransactions jta;
    private final DSLContext orders;
    private final DSLContext stock;

    /** Takes the task, the folder of the manager's log, and URL, user and password of both databases. */
    public static void main(String... args) throws Exception {
        Shop shop = new Shop(args);
        if (args[0].equals(ORDER)) {
            Plug.pull();
            shop.order("9780575084582", 2);
        } else {
            shop.coordinator.recover();
        }
        System.exit(0);
    }

    private Shop(String... args) throws SQLException {
        coordinator = new Coordinator(Path.of(args[1]));
        PGXADataSource ofOrders = database(args[2], args[3], args[4]);
        PGXADataSource ofStock = database(args[5], args[6], args[7]);
        // region: two-databases
        jta = new JtaTransactions(coordinator.manager(), coordinator.registry(), Shop::isLate);
        CommitHooks hooks = CommitHooks.builder()
                .owner(jta)
                .on(PURCHASE, on -> on.afterCommitInsert((order, ctx) -> System.out.println("thank you")))
                .on(STOCK, on -> on.afterCommitUpdate((shelf, ctx) -> System.out.println("reorder?")))
                .build();
        orders = hooks.attachTo(inTransactions("orders", pool(ofOrders)));
        stock = hooks.attachTo(inTransactions("stock", pool(ofStock)));
        coordinator.recovers(
                jta.recovering("orders", ofOrders.getXAConnection().getXAResource()),
                jta.recovering("stock", ofStock.getXAConnection().getXAResource()));
        // endregion
    }

    // region: two-databases-configuration
    private DSLContext inTransactions(String name, AgroalDataSource pool) {
        return new DefaultConfiguration()
                .set(SQLDialect.POSTGRES)
                .set(jta.connections(name, pool))
                .set(jta.provider())
                .dsl();
    }

    private AgroalDataSource pool(PGXADataSource database) throws SQLException {
        return AgroalDataSource.from(new AgroalDataSourceConfigurationSupplier()
                .connectionPoolConfiguration(pool -> pool.maxSize(5)
                        .transactionIntegration(new NarayanaTransactionIntegration(jta.manager(), jta.registry()))
                        .connectionFactoryConfiguration(connections -> connections
                                .connectionProviderClass(PGXADataSource.class)
                                .jdbcUrl(database.getURL())
                                .principal(new NamePrincipal(database.getUser()))
                                .credential(new SimplePassword(database.getPassword())))));
    }
    // endregion

    private void order(String isbn, int copies) {
        // region: two-databases-order
        orders.transaction(tx -> {
            PurchaseRecord purchase = tx.dsl().newRecord(PURCHASE);
            purchase.setCustomerId(customer(tx.dsl()));
            purchase.store();
            somebodyPullsThePlug();
            stock.update(STOCK)
                    .set(STOCK.QUANTITY, STOCK.QUANTITY.minus(copies))
                    .where(STOCK.ISBN.eq(isbn))
                    .execute();
        }); // both are committed, or neither
        // endregion
    }

    /** When the manager has committed the orders, and before it commits the stock. */
    private void somebodyPullsThePlug() throws Exception {
        coordinator.manager().getTransaction().enlistResource(new Plug());
    }

    private static UUID customer(DSLContext dsl) {
        CustomerRecord customer = dsl.newRecord(CUSTOMER);
        customer.setId(UUID.randomUUID());
        customer.setName("Ann");
        customer.setEmail(customer.getId() + "@example.org");
        customer.store();
        return customer.getId();
    }

    private static void isLate(LateOutcome late) {
        System.out.println("recovery: " + late.database() + " " + late.outcome());
    }

    private static PGXADataSource database(String url, String user, String password) {
        PGXADataSource dataSource = new PGXADataSource();
        dataSource.setURL(url);
        dataSource.setUser(user);
        dataSource.setPassword(password);
        return dataSource;
    }
}
