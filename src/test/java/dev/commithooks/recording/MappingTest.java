package dev.commithooks.recording;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.bookshop.shop.Tables.STOCK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.bookshop.shop.tables.pojos.Stock;
import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.bookshop.shop.tables.records.StockRecord;
import dev.commithooks.change.Change;
import dev.commithooks.change.RowKey;
import dev.commithooks.change.Updated;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.BucketMode;
import dev.commithooks.policy.OldRows;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.conf.MappedSchema;
import org.jooq.conf.MappedTable;
import org.jooq.conf.RenderMapping;
import org.jooq.conf.Settings;
import org.junit.jupiter.api.Test;

/** With run-time schema mapping a row's identity is the table that SQL names. */
@Database
@Needs(Ability.POSTGRESQL)
class MappingTest {

    private final TestDatabase database;
    private final Shop shop;

    MappingTest(TestDatabase database) {
        this.database = database;
        this.shop =
                Shop.in(database, builder -> builder.buckets(BucketMode.NET).oldRows(ACCOUNT, OldRows.FROM_DATABASE));
        database.dsl().execute("""
                drop schema if exists tenant cascade;
                create schema tenant;
                create table tenant.account (like public.account including all);
                create table tenant.store (like public.stock including all)""");
    }

    @Test
    void tenantsWithTheSameKeyAreDifferentRows() {
        shop.transaction(dsl -> {
            DSLContext tenant = Shop.with(dsl, MappingTest::toTenant);
            account(dsl, "ours").insert();
            account(tenant, "theirs").insert();
            account(tenant, "changed").update();
        });
        List<Change<?>> told = shop.after();
        assertThat(told)
                .extracting(change -> change.key().map(RowKey::tableName).orElseThrow())
                .containsExactly("public.account", "tenant.account");
        assertThat(told).extracting(Object::toString).last().asString().contains("changed");
        assertThat(told).allMatch(change -> change.table() == ACCOUNT);
        assertThat(database.dsl().fetchValue("select owner from tenant.account"))
                .isEqualTo("changed");
    }

    @Test
    void mappedTableNameIsTheIdentityToo() {
        DSLContext tenant = shop.dsl(MappingTest::toTenant);
        StockRecord stock = tenant.newRecord(STOCK, new Stock("1", 3, "left"));
        stock.store();
        stock.setShelf("right");
        tenant.batchStore(stock).execute();
        assertThat(shop.after())
                .extracting(change -> change.key().map(RowKey::tableName).orElseThrow())
                .containsExactly("tenant.store", "tenant.store");
    }

    @Test
    void upsertAndOldRowsAreAskedOfTheMappedTable() {
        database.dsl().execute("insert into tenant.account (id, owner) values (7, 'before')");
        shop.transaction(
                dsl -> account(Shop.with(dsl, MappingTest::toTenant), "after").merge());
        Updated<?> updated = (Updated<?>) shop.after().get(0);
        assertThat(updated.oldRow().get(ACCOUNT.OWNER)).isEqualTo("before");
        shop.transaction(dsl -> account(dsl, "new").merge());
        assertThat(Rows.keys(shop.after())).containsExactly("INSERT public.account[7]");
    }

    @Test
    void bypassNamesTheMappedTable() {
        shop.dsl(MappingTest::toTenant).truncate(ACCOUNT).execute();
        assertThat(shop.bypasses()).containsExactly("tenant.account");
    }

    @Test
    void withoutSchemaInTheSqlTheTableIsTheGeneratedOne() {
        DSLContext dsl = shop.dsl(settings -> settings.withRenderSchema(false));
        account(dsl, "new").merge();
        account(dsl, "changed").update();
        assertThat(Rows.keys(shop.after())).containsExactly("INSERT public.account[7]", "UPDATE public.account[7]");
    }

    private static Settings toTenant(Settings settings) {
        return settings.withRenderMapping(new RenderMapping()
                .withSchemata(new MappedSchema()
                        .withInput("public")
                        .withOutput("tenant")
                        .withTables(new MappedTable().withInput("stock").withOutput("store"))));
    }

    private static AccountRecord account(DSLContext dsl, String owner) {
        AccountRecord account = dsl.newRecord(ACCOUNT);
        account.setId(7L);
        account.setOwner(owner);
        return account;
    }
}
