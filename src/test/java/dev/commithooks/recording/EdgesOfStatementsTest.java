package dev.commithooks.recording;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.bookshop.shop.Tables.INVOICE;
import static dev.commithooks.bookshop.shop.Tables.SALE;
import static dev.commithooks.bookshop.shop.Tables.STOCK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.shop.tables.records.InvoiceRecord;
import dev.commithooks.change.Change;
import dev.commithooks.change.Inserted;
import dev.commithooks.change.Updated;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.hook.AfterCommitHooks;
import dev.commithooks.hook.BeforeCommitHooks;
import dev.commithooks.hook.HookContext;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.ExecuteContext;
import org.jooq.ExecuteListener;
import org.jooq.Record;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Statements on tables that are more than a table, and those of which too much is asked. */
@Database
class EdgesOfStatementsTest {

    private final TestDatabase database;

    EdgesOfStatementsTest(TestDatabase database) {
        this.database = database;
    }

    @Test
    @Needs(Ability.POSTGRESQL)
    void rowThatMovesToAnotherPartitionIsUpdated() {
        Shop shop = Shop.in(database);
        DSLContext plain = database.dsl();
        plain.insertInto(SALE, SALE.SOLD_ON, SALE.RECEIPT_NO, SALE.ISBN, SALE.AMOUNT)
                .values(LocalDate.of(2024, 5, 1), 1, "1", BigDecimal.ONE)
                .execute();

        shop.transaction(dsl ->
                dsl.update(SALE).set(SALE.SOLD_ON, LocalDate.of(2025, 5, 1)).execute());

        assertThat(plain.fetchCount(DSL.table("sale_2025"))).isEqualTo(1);
        assertThat(shop.after())
                .singleElement()
                .satisfies(change -> assertThat(((Updated<?>) change).row().get(SALE.SOLD_ON))
                        .isEqualTo(LocalDate.of(2025, 5, 1)));
    }

    /** They are the parent's, too: whoever selects from it reads them. */
    @Test
    @Needs(Ability.POSTGRESQL)
    void rowsOfTablesThatInheritAreToldOf() {
        Shop shop = Shop.in(database);
        DSLContext plain = database.dsl();
        plain.execute("create table old_account () inherits (account)");
        try {
            plain.execute("insert into account (owner) values ('parent')");
            plain.execute("insert into old_account (id, owner) values (7, 'child')");

            shop.transaction(dsl -> assertThat(dsl.update(ACCOUNT)
                            .set(ACCOUNT.BALANCE, BigDecimal.TEN)
                            .execute())
                    .isEqualTo(2));

            assertThat(shop.after())
                    .extracting(change -> ((Updated<?>) change).row().get(ACCOUNT.OWNER))
                    .containsExactlyInAnyOrder("parent", "child");
        } finally {
            plain.execute("drop table old_account");
        }
    }

    /** Of a driver that is told to give out one row at most, the caller gets one; the statement writes all. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Needs(Ability.CAPTURED_STATEMENTS)
    void rowsBeyondAListenersMaxRowsAreToldOf(boolean returns) {
        Shop shop = Shop.in(database);
        DSLContext limited = shop.dsl()
                .configuration()
                .deriveAppending(new ExecuteListener() {
                    @Override
                    public void executeStart(ExecuteContext ctx) {
                        try {
                            ctx.statement().setMaxRows(1);
                        } catch (SQLException e) {
                            throw new IllegalStateException(e);
                        }
                    }
                })
                .dsl();
        insert(database.dsl(), 3);

        limited.transaction(tx -> {
            var update = tx.dsl().update(STOCK).set(STOCK.QUANTITY, 7);
            assertThat(returns ? update.returning(STOCK.ISBN).fetch().size() : update.execute())
                    .isEqualTo(returns ? 1 : 3);
        });

        assertThat(shop.after()).hasSize(3);
    }

    /** A known limit: nobody asks for what the server makes of a record's other columns. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Needs(Ability.POSTGRESQL)
    void generatedColumnOfAnUpdatedRecordIsAsTheRecordHadItUnlessItIsReturned(boolean returned) {
        Shop shop = Shop.in(database);
        database.dsl().execute("""
                insert into customer (id, name, email) values ('00000000-0000-0000-0000-000000000001', 'Ann', 'ann@example.org');
                insert into purchase (id, customer_id) values (1, '00000000-0000-0000-0000-000000000001');
                insert into invoice (id, purchase_id, net, vat_percent) values (1, 1, 10, 0)""");

        shop.dsl(settings -> settings.withReturnAllOnUpdatableRecord(returned)).transaction(tx -> {
            InvoiceRecord invoice = tx.dsl().fetchSingle(INVOICE);
            invoice.setNet(new BigDecimal("20.00"));
            invoice.store();
        });

        assertThat(((Updated<?>) shop.only()).row().get(INVOICE.GROSS)).isEqualByComparingTo(returned ? "20" : "10");
    }

    /** A known limit: a statement returns the row as it has left it itself. */
    @Test
    @Needs(Ability.POSTGRESQL)
    void whatAnAfterTriggerMakesOfARowIsNotSeen() {
        Shop shop = Shop.in(database);
        DSLContext plain = database.dsl();
        plain.execute("""
                create function again() returns trigger language plpgsql as $$
                begin
                    if pg_trigger_depth() = 1 then
                        update stock set quantity = 999 where isbn = new.isbn;
                    end if;
                    return null;
                end $$;
                create trigger again after update on stock for each row execute function again()""");
        try {
            plain.execute("insert into stock values ('1', 1)");

            shop.transaction(dsl -> dsl.update(STOCK).set(STOCK.QUANTITY, 2).execute());

            assertThat(shop.after())
                    .singleElement()
                    .satisfies(change -> assertThat(((Updated<?>) change).row().get(STOCK.QUANTITY))
                            .isEqualTo(2));
            assertThat(plain.fetchValue(STOCK.QUANTITY)).isEqualTo(999);
        } finally {
            plain.execute("drop trigger again on stock; drop function again()");
        }
    }

    /** Plain jOOQ keeps it back, and says of its rows that they are none. */
    @Test
    @Needs(Ability.CAPTURED_STATEMENTS)
    void statementInBatchedIsExecutedAtOnceOutsideATransaction() {
        Shop shop = Shop.in(database);
        DSLContext plain = database.dsl();
        insert(plain, 2);

        int updated = shop.dsl()
                .batchedResult(c -> c.dsl().update(STOCK).set(STOCK.QUANTITY, 5).execute());

        assertThat(updated).isEqualTo(2);
        assertThat(shop.after()).hasSize(2);
        assertThat(plain.fetchCount(STOCK, STOCK.QUANTITY.eq(5))).isEqualTo(2);
    }

    /** Hooks that take each row, and of which a table has before hooks or none. */
    private static final class After implements AfterCommitHooks<Record> {

        private final List<Change<?>> told = new ArrayList<>();

        @Override
        public void afterCommitInsert(Inserted<Record> change, HookContext ctx) {
            told.add(change);
        }
    }

    private static final class Before implements BeforeCommitHooks<Record> {

        @Override
        public void beforeCommitInsert(Inserted<Record> change, HookContext ctx) {}
    }

    /** Where a statement commits by itself it cannot be undone any more, and is told of all the same. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Needs(Ability.POSTGRESQL)
    void limitOutsideTransactionsIsThatOfStatementsThatAreGivenOne(boolean isGivenOne) {
        After after = new After();
        var builder = CommitHooks.builder().register(STOCK, after).statementLimit(10);
        if (isGivenOne) {
            builder.register(STOCK, new Before());
        }
        DSLContext dsl = builder.build().attachTo(database.dsl(database.pool(1)));

        if (isGivenOne) {
            assertThatThrownBy(() -> insert(dsl, 11))
                    .isInstanceOf(DataAccessException.class)
                    .hasMessageContaining("statementLimit");
        } else {
            insert(dsl, 11);
        }

        assertThat(after.told).hasSize(isGivenOne ? 0 : 11);
        assertThat(database.journal()).hasSameSizeAs(after.told);
    }

    private static void insert(DSLContext dsl, int rows) {
        dsl.insertInto(STOCK, STOCK.ISBN)
                .select(DSL.select(DSL.field("n::text", String.class)).from("generate_series(1, " + rows + ") as s(n)"))
                .execute();
    }
}
