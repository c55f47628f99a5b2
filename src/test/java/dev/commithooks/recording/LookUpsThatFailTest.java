package dev.commithooks.recording;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import org.jooq.DSLContext;
import org.jooq.conf.MappedSchema;
import org.jooq.conf.RenderMapping;
import org.jooq.conf.Settings;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;

/** Tables that the catalogue could not be asked about are asked about again: only answers are remembered. */
@Database
@Needs(Ability.POSTGRESQL)
class LookUpsThatFailTest {

    private final TestDatabase database;
    private final Shop shop;

    LookUpsThatFailTest(TestDatabase database) {
        this.database = database;
        this.shop = Shop.in(database);
    }

    @Test
    @NeedsRealCommits("ends a session")
    void onAConnectionThatIsGone() {
        assertThatThrownBy(() -> shop.transaction(dsl -> {
                    dsl.connection(connection -> database.endSession(database.session(database.dsl(connection))));
                    merge(dsl);
                }))
                .isInstanceOf(DataAccessException.class);
        shop.told().clear();

        shop.transaction(LookUpsThatFailTest::merge);

        assertThat(Rows.keys(shop.after())).containsExactly("INSERT public.account[7]");
        assertThat(database.journal()).hasSize(1);
    }

    @Test
    void ofATableThatIsNotThereYet() {
        try {
            assertThatThrownBy(() -> shop.transaction(dsl -> merge(later(dsl))))
                    .isInstanceOf(DataAccessException.class);
            database.dsl().execute("create schema later; create table later.account (like account including all)");
            shop.told().clear();

            shop.transaction(dsl -> merge(later(dsl)));

            assertThat(Rows.keys(shop.after())).containsExactly("INSERT public.account[7]");
            assertThat(database.dsl().fetchCount(DSL.table("later.account"))).isEqualTo(1);
        } finally {
            database.dsl().execute("drop schema if exists later cascade");
        }
    }

    private static DSLContext later(DSLContext dsl) {
        return Shop.with(dsl, LookUpsThatFailTest::mapped);
    }

    private static Settings mapped(Settings settings) {
        return settings.withRenderMapping(new RenderMapping()
                .withSchemata(new MappedSchema().withInput("public").withOutput("later")));
    }

    private static void merge(DSLContext dsl) {
        AccountRecord account = dsl.newRecord(ACCOUNT);
        account.setId(7L);
        account.setOwner("new");
        account.merge();
    }
}
