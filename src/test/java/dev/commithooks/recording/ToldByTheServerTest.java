package dev.commithooks.recording;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static dev.commithooks.bookshop.shop.Tables.STOCK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import com.zaxxer.hikari.HikariDataSource;
import dev.commithooks.CommitHooks;
import dev.commithooks.CommitHooksBuilder;
import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.bookshop.shop.tables.records.StockRecord;
import dev.commithooks.change.Change;
import dev.commithooks.change.Deleted;
import dev.commithooks.change.Inserted;
import dev.commithooks.change.Updated;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.OldRows;
import dev.commithooks.policy.Recording;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.RecordListener;
import org.jooq.RecordListenerProvider;
import org.jooq.Table;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where the server tells the rows of every write, nobody listens to records, and nothing else is different. */
@Database
@Needs(Ability.POSTGRESQL)
class ToldByTheServerTest {

    private final TestDatabase database;
    private final HikariDataSource connections;

    ToldByTheServerTest(TestDatabase database) {
        this.database = database;
        this.connections = database.pool(2);
    }

    @BeforeEach
    void itIsAServerThatTells() {
        assumeTrue(database.postgresVersion() >= 18);
    }

    private Shop shop(List<Table<?>> tables, UnaryOperator<CommitHooksBuilder> policies) {
        return Shop.in(database, connections, tables, policies);
    }

    /** How many listen to records in a transaction, the second one, whose server is known. */
    private static int listeners(Shop shop) {
        return listeners(shop.dsl());
    }

    private static int listeners(DSLContext dsl) {
        dsl.transaction(tx -> tx.dsl().selectOne().fetch());
        return dsl.transactionResult(tx -> tx.recordListenerProviders().length);
    }

    @Test
    void nobodyListensToRecordsInATransactionAndSomebodyDoesOutside() {
        Shop shop = shop(List.of(ACCOUNT, STOCK), builder -> builder);
        assertThat(listeners(shop)).isZero();
        assertThat(shop.dsl().configuration().recordListenerProviders()).hasSize(1);
        shop.transaction(dsl -> dsl.transaction(
                nested -> assertThat(nested.recordListenerProviders()).isEmpty()));
    }

    @Test
    void somebodyListensWhereTheServerCannotTellAll() {
        UnaryOperator<CommitHooksBuilder> same = builder -> builder;
        assertThat(listeners(Shop.in(database, connections)))
                .as("hooks on all tables")
                .isEqualTo(1);
        assertThat(listeners(shop(List.of(ACCOUNT, BOOK), same))).as("arrays").isEqualTo(1);
        assertThat(listeners(shop(List.of(ACCOUNT), builder -> builder.recording(Recording.RECORDS_ONLY))))
                .isEqualTo(1);
        assertThat(listeners(shop(List.of(ACCOUNT), builder -> builder.oldRows(OldRows.FROM_DATABASE))))
                .as("old rows of any length")
                .isEqualTo(1);
        assertThat(listeners(shop(List.of(ACCOUNT), same).dsl(settings -> settings.withRenderSchema(false))))
                .as("any schema")
                .isEqualTo(1);
        RecordListener somebodys = new RecordListener() {};
        assertThat(listeners(shop(List.of(ACCOUNT), same)
                        .dsl()
                        .configuration()
                        .deriveAppending((RecordListenerProvider) () -> somebodys)
                        .dsl()))
                .as("another listener")
                .isEqualTo(2);
        database.dsl().execute("create rule note as on insert to author do also select 1");
        try {
            assertThat(listeners(shop(List.of(ACCOUNT, AUTHOR), same)))
                    .as("rules")
                    .isEqualTo(1);
        } finally {
            database.dsl().execute("drop rule note on author");
        }
    }

    /** A row that is read costs what it costs in plain jOOQ. */
    @Test
    void rowsThatAreReadCostWhatTheyCostWithoutHooks() {
        int rows = 10_000;
        DSLContext plain = database.dsl(connections);
        database.dsl()
                .execute("set session_replication_role to replica; insert into stock (isbn) select n::text from"
                        + " generate_series(1, " + rows + ") as s(n)");
        Shop shop = shop(List.of(ACCOUNT, STOCK), builder -> builder);
        assertThat(listeners(shop)).isZero();
        ToLongFunction<DSLContext> read = dsl -> dsl.transactionResult(tx -> {
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long before = threads.getCurrentThreadAllocatedBytes();
            assertThat(tx.dsl().fetch(STOCK)).hasSize(rows);
            return threads.getCurrentThreadAllocatedBytes() - before;
        });
        long plainBytes = Long.MAX_VALUE;
        long hookedBytes = Long.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            plainBytes = Math.min(plainBytes, read.applyAsLong(plain));
            hookedBytes = Math.min(hookedBytes, read.applyAsLong(shop.dsl()));
        }
        assertThat((hookedBytes - plainBytes) / (double) rows).isLessThan(8.0);
    }

    @Test
    void imagesAreTheServers() {
        Shop shop = shop(List.of(ACCOUNT, STOCK), builder -> builder);
        assertThat(listeners(shop)).isZero();
        AccountRecord fromPojo = new AccountRecord();
        shop.transaction(dsl -> {
            AccountRecord account = dsl.newRecord(ACCOUNT);
            account.setOwner("first");
            account.store();
            fromPojo.setId(account.getId());
            fromPojo.setOwner("second");
            fromPojo.attach(dsl.configuration());
            fromPojo.update();
            StockRecord stock = dsl.newRecord(STOCK);
            stock.setIsbn("1");
            dsl.batchStore(stock).execute();
            stock.setQuantity(5);
            dsl.batchStore(stock).execute();
            dsl.batchDelete(stock).execute();
        });
        shop.assertThatWhatWasToldIsWhatWasWritten();
        List<Change<?>> told = shop.after();
        assertThat(told).hasSize(5);
        assertThat(((Inserted<?>) told.get(0)).row().get(ACCOUNT.BALANCE)).isEqualByComparingTo(BigDecimal.ZERO);
        assertThat(((Updated<?>) told.get(1)).oldRow().get(ACCOUNT.OWNER)).isEqualTo("first");
        assertThat(((Deleted<?>) told.get(4)).oldRow().get(STOCK.QUANTITY)).isEqualTo(5);
    }

    /** What has leaked out of a transaction is outside, where records are listened to. */
    @Test
    void rowsOfHooksAndLeakedRecordsAreHeardOutside() {
        List<String> told = new ArrayList<>();
        DSLContext dsl = CommitHooks.builder()
                .on(
                        ACCOUNT,
                        on -> on.beforeCommitUpdate((account, ctx) ->
                                        told.add("before " + account.row().getOwner()))
                                .afterCommitInsert((account, ctx) -> {
                                    account.row().setOwner("by its hook");
                                    account.row().store();
                                })
                                .afterCommitUpdate((account, ctx) ->
                                        told.add("after " + account.row().getOwner())))
                .build()
                .attachTo(database.dsl(connections));
        assertThat(listeners(dsl)).isZero();
        Configuration[] leaked = new Configuration[1];
        AccountRecord account = dsl.transactionResult(tx -> {
            leaked[0] = tx;
            AccountRecord stored = tx.dsl().newRecord(ACCOUNT);
            stored.setOwner("first");
            stored.store();
            return stored;
        });
        assertThat(told).containsExactly("before by its hook", "after by its hook");
        assertThat(leaked[0].recordListenerProviders()).hasSize(1);
        account.setOwner("leaked");
        account.store();
        assertThat(told).endsWith("before leaked", "after leaked");
        leaked[0].dsl().transaction(tx -> {
            account.setOwner("again");
            account.attach(tx);
            account.store();
        });
        assertThat(told).endsWith("before again", "after again");
        assertThat(database.dsl().fetchValue(ACCOUNT.OWNER)).isEqualTo("again");
    }
}
