package dev.commithooks.recording;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.bookshop.shop.Tables.DRAFT_BOOK;
import static dev.commithooks.bookshop.shop.Tables.STOCK;
import static dev.commithooks.recording.ShopRows.account;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.Bypass;
import dev.commithooks.transaction.StatementRefusedException;
import java.math.BigDecimal;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** Statements whose rows nobody can be told of without changing what they do: they are left as they are. */
@Database
class StatementsLeftAloneTest {

    private final TestDatabase database;
    private final int serverVersion;

    StatementsLeftAloneTest(TestDatabase database) {
        this.database = database;
        this.serverVersion = database.postgresVersion();
    }

    @Test
    @NeedsRealCommits("connects as another user")
    @Needs(Ability.POSTGRESQL)
    void rowLevelSecurityAndRulesAreLeftAlone() {
        DSLContext owner = database.dsl();
        owner.execute("""
                create role clerk login password 'clerk';
                grant all on all tables in schema public, journal to clerk;
                grant all on all sequences in schema public, journal to clerk;
                grant usage on schema public, journal to clerk;
                alter table account enable row level security;
                create policy sees_own on account for select using (owner = 'clerk');
                create policy changes_all on account for update using (true);
                create policy inserts_all on account for insert with check (true);
                create rule note as on insert to author do also select 1""");
        try {
            account(owner, 1L, "clerk").insert();
            account(owner, 2L, "boss").insert();
            PGSimpleDataSource clerks = new PGSimpleDataSource();
            clerks.setURL(database.jdbcUrl());
            clerks.setUser("clerk");
            clerks.setPassword("clerk");
            Shop shop = Shop.in(database, clerks);
            shop.transaction(dsl -> {
                assertThat(dsl.update(ACCOUNT)
                                .set(ACCOUNT.BALANCE, BigDecimal.ONE)
                                .execute())
                        .isEqualTo(2);
                dsl.insertInto(ACCOUNT)
                        .set(ACCOUNT.ID, 3L)
                        .set(ACCOUNT.OWNER, "not seen")
                        .execute();
                dsl.insertInto(AUTHOR).set(AUTHOR.NAME, "ruled").execute();
            });
            assertThat(shop.bypasses()).containsExactly("public.account", "public.account", "public.author");
            assertThat(shop.after()).isEmpty();
        } finally {
            owner.execute("""
                    drop rule note on author;
                    drop policy sees_own on account; drop policy changes_all on account; drop policy inserts_all on account;
                    alter table account disable row level security;
                    drop owned by clerk; drop role clerk""");
        }
    }

    @Test
    @NeedsRealCommits("connects as another user")
    @Needs(Ability.POSTGRESQL)
    void userWhoMayNotReadAllColumnsWritesAllTheSame() {
        DSLContext owner = database.dsl();
        owner.execute("""
                create role clerk login password 'clerk';
                grant select (id), insert (id, owner), update (owner) on account to clerk;
                grant all on all tables in schema journal to clerk;
                grant all on all sequences in schema public, journal to clerk;
                grant usage on schema public, journal to clerk""");
        try {
            PGSimpleDataSource clerks = new PGSimpleDataSource();
            clerks.setURL(database.jdbcUrl());
            clerks.setUser("clerk");
            clerks.setPassword("clerk");
            Shop shop = Shop.in(database, clerks);
            shop.transaction(
                    dsl -> dsl.insertInto(ACCOUNT).set(ACCOUNT.OWNER, "unread").execute());
            assertThat(shop.bypasses()).containsExactly("public.account");
            assertThat(database.journal()).hasSize(1);
            Shop owners = Shop.in(database);
            owners.transaction(
                    dsl -> dsl.update(ACCOUNT).set(ACCOUNT.OWNER, "read").execute());
            assertThat(owners.after()).hasSize(1);
        } finally {
            owner.execute("drop owned by clerk; drop role clerk");
        }
    }

    /** As while a release is rolled out that no longer has the column. */
    @Test
    @Needs(Ability.POSTGRESQL)
    void columnThatIsGoneFromTheDatabaseHindersOneStatementAtMost() {
        Shop shop = Shop.in(database);
        account(database.dsl(), 1L, "first").insert();
        shop.transaction(dsl -> dsl.update(STOCK).set(STOCK.QUANTITY, 1).execute());
        database.dsl().execute("alter table stock rename shelf to board");
        try {
            assertThatThrownBy(() -> shop.transaction(
                            dsl -> dsl.update(STOCK).set(STOCK.QUANTITY, 2).execute()))
                    .isInstanceOf(DataAccessException.class);
            shop.transaction(dsl -> dsl.insertInto(STOCK)
                    .set(STOCK.ISBN, "1")
                    .set(STOCK.QUANTITY, 2)
                    .execute());
            assertThat(shop.bypasses()).containsExactly("public.stock");
            assertThat(database.dsl().fetchCount(STOCK)).isEqualTo(1);
        } finally {
            database.dsl().execute("alter table stock rename board to shelf");
        }
    }

    @Test
    @Needs(Ability.POSTGRESQL)
    void viewsAndWritesInsideOtherStatementsAreReportedWithTheirReason() {
        Shop shop = Shop.in(
                database,
                builder -> builder.bypass(Bypass.REJECT)
                        .on(ACCOUNT, on -> on.afterCommitInsert((account, ctx) -> {}))
                        .on(STOCK, on -> on.afterCommitInsert((stock, ctx) -> {})));
        shop.transaction(dsl -> {
            assertThatThrownBy(() ->
                            dsl.update(DRAFT_BOOK).set(DRAFT_BOOK.TITLE, "x").execute())
                    .isInstanceOf(StatementRefusedException.class)
                    .hasMessageContaining("a view");
            assertThatThrownBy(() -> dsl.with("w")
                            .as(dsl.update(ACCOUNT).set(ACCOUNT.OWNER, "x").returning(ACCOUNT.ID))
                            .selectFrom("w")
                            .fetch())
                    .isInstanceOf(StatementRefusedException.class)
                    .hasMessageContaining("common table expression");
            assertThatThrownBy(() ->
                            dsl.fetch("with w as not materialized (delete from account returning id) select * from w"))
                    .isInstanceOf(StatementRefusedException.class)
                    .hasMessageContaining("common table expression");
            assertThatThrownBy(() -> dsl.execute(
                            "with w as (insert into account (owner) values ('x') returning id) delete from stock"))
                    .isInstanceOf(StatementRefusedException.class)
                    .hasMessageContaining("public.account");
            assertThatThrownBy(() -> dsl.select()
                            .from(DSL.finalTable(dsl.insertInto(ACCOUNT).set(ACCOUNT.OWNER, "x")))
                            .fetch())
                    .isInstanceOf(StatementRefusedException.class);
            assertThatThrownBy(() -> dsl.execute("delete from account; delete from account"))
                    .isInstanceOf(StatementRefusedException.class)
                    .hasMessageContaining("several statements");
            assertThatThrownBy(() -> dsl.batch(dsl.deleteFrom(ACCOUNT).where(ACCOUNT.ID.eq(5L)), dsl.deleteFrom(STOCK))
                            .execute())
                    .isInstanceOf(StatementRefusedException.class)
                    .hasMessageContaining("counts only")
                    .hasMessageContaining("\"id\" = ?");
            dsl.with("w").as(DSL.selectOne()).selectFrom("w").fetch();
            dsl.fetch("with w as (select 'delete from account') select * from w");
        });
        assertThat(database.journal()).isEmpty();
        if (serverVersion >= 18) {
            assertThatThrownBy(() -> shop.transaction(
                            dsl -> dsl.fetch("update account set owner = 'x' returning old.owner, new.owner")))
                    .isInstanceOf(StatementRefusedException.class)
                    .hasMessageContaining("OLD and NEW");
        }
    }

    /** Nothing is prepared but the statement, jOOQ's beside it, and one question a table. */
    @Test
    @Needs(Ability.POSTGRESQL)
    void catalogueIsAskedOnceATable() {
        Shop shop = Shop.in(database);
        for (int i = 0; i < 3; i++) {
            shop.transaction(dsl -> dsl.update(STOCK).set(STOCK.QUANTITY, 1).execute());
        }
        assertThat(shop.statements())
                .filteredOn(sql -> sql.contains("pg_class"))
                .hasSize(1);
    }
}
