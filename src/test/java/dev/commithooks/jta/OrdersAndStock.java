package dev.commithooks.jta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.change.Change;
import dev.commithooks.change.Inserted;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.hook.HookContext;
import java.util.List;
import java.util.function.Consumer;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** Two databases in the transactions of one JTA manager, a shop's orders and its stock, and hooks that note and may do more. */
@Database
@NeedsRealCommits("XA connections")
abstract class OrdersAndStock {

    static TestDatabase stockDatabase;

    final TestDatabase ordersDatabase;
    final HookJournal told = new HookJournal() {
        @Override
        protected void before(Change<Record> change, HookContext ctx) throws Exception {
            add("before " + owner(change));
            deed.accept("before " + owner(change));
        }

        @Override
        protected void after(Change<Record> change, HookContext ctx) throws Exception {
            add("after " + owner(change));
            deed.accept("after " + owner(change));
        }

        @Override
        protected void failed(Change<Record> change, HookContext ctx) throws Exception {
            add("failed " + ctx.failure().orElseThrow().stage() + " " + owner(change));
        }

        @Override
        public void inDoubt(Change<Record> change, HookContext ctx) {
            add("in doubt " + owner(change));
        }
    };
    Consumer<String> deed = event -> {};

    final JtaWorld world = new JtaWorld(told);
    final DSLContext orders;
    final DSLContext stock;

    OrdersAndStock(TestDatabase ordersDatabase) {
        this(ordersDatabase, 1);
    }

    OrdersAndStock(TestDatabase ordersDatabase, int connections) {
        this.ordersDatabase = ordersDatabase;
        this.orders = world.dsl("orders", world.pool(ordersDatabase, connections));
        this.stock = world.dsl("stock", world.pool(stockDatabase, connections));
    }

    static String owner(Change<Record> change) {
        return ((Inserted<Record>) change).row() instanceof AccountRecord account
                ? account.getOwner()
                : change.table().getName();
    }

    @BeforeAll
    static void create() {
        stockDatabase = TestDatabase.create();
    }

    @AfterAll
    static void drop() {
        stockDatabase.close();
    }

    @BeforeEach
    void empty() {
        stockDatabase.reset();
    }

    @AfterEach
    void nothingIsLeft() {
        world.assertNothingIsLeft();
        world.close();
        assertThat(stockDatabase.dsl().fetch("select gid from pg_prepared_xacts"))
                .isEmpty();
    }

    final void assertCommitted(List<String> inOrders, List<String> inStock) {
        assertThat(JtaWorld.owners(ordersDatabase)).isEqualTo(inOrders);
        assertThat(JtaWorld.owners(stockDatabase)).isEqualTo(inStock);
    }
}
