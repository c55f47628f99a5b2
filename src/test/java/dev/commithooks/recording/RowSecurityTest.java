package dev.commithooks.recording;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.jooq.impl.DSL.excluded;

import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.Recording;
import java.math.BigDecimal;
import org.jooq.DSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** Statements of a role that may see some rows only, on a table for which that is accepted. */
@Database
@Needs(Ability.POSTGRESQL)
@NeedsRealCommits("connects as another user")
class RowSecurityTest {

    private final TestDatabase database;
    private final DSLContext owner;

    RowSecurityTest(TestDatabase database) {
        this.database = database;
        this.owner = database.dsl();
    }

    @BeforeEach
    void secure() {
        owner.execute("""
                create role teller login password 'teller';
                create role blind;
                grant blind to teller;
                grant all on all tables in schema public, journal to teller;
                grant insert, update, delete on account to blind;
                grant all on all tables in schema journal to blind;
                grant all on all sequences in schema public, journal to teller, blind;
                grant usage on schema public, journal to teller, blind;
                alter table account enable row level security""");
        account(1, "teller");
        account(2, "boss");
    }

    private void account(long id, String name) {
        owner.insertInto(ACCOUNT, ACCOUNT.ID, ACCOUNT.OWNER).values(id, name).execute();
    }

    @AfterEach
    void open() {
        owner.execute("""
                do $$
                declare one record;
                begin
                    for one in select polname from pg_policy where polrelid = 'account'::regclass loop
                        execute format('drop policy %I on account', one.polname);
                    end loop;
                end $$;
                alter table account disable row level security;
                drop owned by teller, blind; drop role teller, blind""");
    }

    private Shop tellers(Recording recording) {
        PGSimpleDataSource tellers = new PGSimpleDataSource();
        tellers.setURL(database.jdbcUrl());
        tellers.setUser("teller");
        tellers.setPassword("teller");
        return Shop.in(database, tellers, builder -> builder.recording(ACCOUNT, recording));
    }

    private void written(Shop shop, int rows) {
        assertThat(shop.bypasses()).isEmpty();
        var journal = database.journal();
        shop.assertThatWhatWasToldIs(journal.subList(journal.size() - rows, journal.size()));
        assertThat(journal).hasSize(2 + rows);
    }

    /** As most use it: the rows that one may write are those that one may see. */
    @Test
    void onePolicyForEverythingChangesNothing() {
        owner.execute("create policy own on account using (owner = 'teller')");
        Shop shop = tellers(Recording.ROW_SECURITY_TOO);
        shop.transaction(dsl -> {
            assertThat(dsl.update(ACCOUNT).set(ACCOUNT.BALANCE, BigDecimal.ONE).execute())
                    .isEqualTo(1);
            dsl.insertInto(ACCOUNT, ACCOUNT.ID, ACCOUNT.OWNER)
                    .values(1L, "teller")
                    .values(3L, "teller")
                    .onConflict(ACCOUNT.ID)
                    .doUpdate()
                    .set(ACCOUNT.BALANCE, excluded(ACCOUNT.BALANCE))
                    .execute();
            assertThat(dsl.deleteFrom(ACCOUNT).execute()).isEqualTo(2);
        });
        written(shop, 5);
        assertThat(owner.fetchCount(ACCOUNT)).isEqualTo(1);
    }

    /** Without RETURNING the update would write both rows, as it does where nobody accepts that it is changed. */
    @Test
    void rowsThatOneMayWriteAndNotSeeAreNotWrittenAnyMore() {
        owner.execute("create policy sees_own on account for select using (owner = 'teller');"
                + "create policy changes_all on account for update using (true)");
        Shop plain = tellers(Recording.STATEMENTS);
        plain.transaction(dsl -> assertThat(
                        dsl.update(ACCOUNT).set(ACCOUNT.BALANCE, BigDecimal.ONE).execute())
                .isEqualTo(2));
        assertThat(plain.bypasses()).containsExactly("public.account");
        assertThat(plain.after()).isEmpty();

        int before = database.journal().size();
        Shop shop = tellers(Recording.ROW_SECURITY_TOO);
        shop.transaction(dsl -> assertThat(
                        dsl.update(ACCOUNT).set(ACCOUNT.BALANCE, BigDecimal.TEN).execute())
                .isEqualTo(1));
        var journal = database.journal();
        assertThat(journal).hasSize(before + 1);
        shop.assertThatWhatWasToldIs(journal.subList(before, before + 1));
    }

    @Test
    void insertOfARowThatOneMayNotSeeFailsAndIsNotTold() {
        owner.execute("create policy sees_own on account for select using (owner = 'teller');"
                + "create policy inserts_all on account for insert with check (true)");
        Shop shop = tellers(Recording.ROW_SECURITY_TOO);
        assertThatThrownBy(() -> shop.transaction(dsl ->
                        dsl.insertInto(ACCOUNT).set(ACCOUNT.OWNER, "boss").execute()))
                .hasMessageContaining("row-level security");
        assertThat(shop.told().after()).isEmpty();
        written(shop, 0);
    }

    /** Asked before each statement: a role that was taken on meanwhile may read less. */
    @Test
    void roleThatMayNotReadWritesAllTheSameAndIsReported() {
        owner.execute("create policy own on account using (owner <> 'boss')");
        Shop shop = tellers(Recording.ROW_SECURITY_TOO);
        shop.transaction(dsl -> {
            dsl.update(ACCOUNT).set(ACCOUNT.BALANCE, BigDecimal.ONE).execute();
            dsl.execute("set local role blind");
            assertThat(dsl.update(ACCOUNT).set(ACCOUNT.BALANCE, BigDecimal.TEN).execute())
                    .isEqualTo(1);
            dsl.execute("reset role");
            dsl.update(ACCOUNT).set(ACCOUNT.OWNER, "third").execute();
        });
        assertThat(shop.bypasses()).containsExactly("public.account");
        assertThat(shop.after()).hasSize(2);
        assertThat(database.journal()).hasSize(5);
    }
}
