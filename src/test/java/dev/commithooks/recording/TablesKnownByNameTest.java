package dev.commithooks.recording;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.bookshop.shop.Tables.STOCK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.table;

import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.TestDatabase;
import java.util.List;
import java.util.function.Function;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Statements made with jOOQ's API on a table of which they know the name only, where hooks are registered for tables by name. */
@Database
@Needs(Ability.POSTGRESQL)
class TablesKnownByNameTest {

    private static final Field<String> OWNER = field(DSL.name("owner"), String.class);

    private final TestDatabase database;

    TablesKnownByNameTest(TestDatabase database) {
        this.database = database;
    }

    enum Statement {
        PARSED_INSERT(dsl -> dsl.execute(dsl.parser().parseQuery("insert into account (owner) values ('x')"))),
        PARSED_UPDATE(dsl -> dsl.execute(dsl.parser().parseQuery("update public.account set owner = 'x'"))),
        PARSED_DELETE(dsl -> dsl.execute(dsl.parser().parseQuery("delete from account as a where a.id = 1"))),
        INSERT(dsl ->
                dsl.insertInto(table(DSL.name("account")), OWNER).values("x").execute()),
        UPSERT(dsl -> dsl.insertInto(table("account"), field("id", Long.class), OWNER)
                .values(1L, "x")
                .onConflict(field("id"))
                .doUpdate()
                .set(OWNER, "y")
                .execute()),
        UPDATE(dsl -> dsl.update(table("public.account")).set(OWNER, "x").execute()),
        UPDATE_OF_ALIAS(dsl -> dsl.update(table(DSL.name("public", "account")).as("a"))
                .set(OWNER, "x")
                .execute()),
        DELETE(dsl -> dsl.deleteFrom(table("\"account\"")).execute()),
        RETURNING(dsl ->
                dsl.update(table("account")).set(OWNER, "x").returning(OWNER).fetch()),
        BATCH(dsl -> dsl.batch(dsl.update(table("account")).set(OWNER, (String) null))
                .bind("x")
                .bind("y")
                .execute());

        private final Function<DSLContext, Object> work;

        Statement(Function<DSLContext, Object> work) {
            this.work = work;
        }
    }

    private Shop shop() {
        ShopRows.prepare(database.dsl());
        return Shop.in(database, database.pool(2), List.of(ACCOUNT, STOCK), builder -> builder);
    }

    @ParameterizedTest
    @EnumSource
    void rowsAreTold(Statement statement) {
        Shop shop = shop();
        int prepared = database.journal().size();

        shop.transaction(dsl -> statement.work.apply(dsl));

        assertThat(database.journal()).hasSizeGreaterThan(prepared);
        shop.assertThatWhatWasToldIs(
                database.journal().subList(prepared, database.journal().size()));
        assertThat(shop.bypasses()).isEmpty();
    }

    @Test
    void truncateIsReported() {
        Shop shop = shop();

        shop.transaction(dsl -> dsl.truncate(table("public.account")).cascade().execute());

        assertThat(database.dsl().fetchCount(ACCOUNT)).isZero();
        assertThat(shop.bypasses()).containsExactly("public.account");
    }

    @Test
    void tableOfThatNameInAnotherSchemaIsAnother() {
        Shop shop = shop();
        database.dsl().execute("create schema other; create table other.account (id bigint, owner text)");
        try {
            shop.transaction(dsl -> dsl.insertInto(table(DSL.name("other", "account")), OWNER)
                    .values("x")
                    .execute());
        } finally {
            database.dsl().execute("drop schema other cascade");
        }

        assertThat(shop.after()).isEmpty();
        assertThat(shop.bypasses()).isEmpty();
    }
}
