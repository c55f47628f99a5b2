package dev.commithooks.seeing;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.Bypass;
import dev.commithooks.transaction.StatementRefusedException;
import org.jooq.DSLContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A report says what to do instead of what was done to the table: who empties it has no rows to write with records. */
@Database
class AdviceOfReportsTest {

    private final TestDatabase database;

    AdviceOfReportsTest(TestDatabase database) {
        this.database = database;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "truncate table account | Delete the rows",
                "truncate parcel, only account | Delete the rows",
                "select 1; truncate table account | Delete the rows",
                "update parcel set weight = 1; truncate account | Delete the rows",
                "do 'begin truncate account; end' | Delete the rows",
                "do $$ begin update parcel set weight = 1; truncate table only account; end $$ | Delete the rows",
                "truncate parcel; update account set owner = 'x' | Write the rows with records",
                "do 'begin truncate parcel; delete from account; end' | Write the rows with records",
                "explain analyze update account set owner = 'x' | Write the rows with records",
            })
    void isForItsOwnStatement(String sql, String advice) {
        DSLContext dsl = CommitHooks.builder()
                .bypass(Bypass.REJECT)
                .on(ACCOUNT, on -> on.afterCommitDelete((account, ctx) -> {}))
                .build()
                .attachTo(database.dsl());

        assertThatThrownBy(() -> dsl.transaction(tx -> tx.dsl().execute(sql)))
                .isInstanceOf(StatementRefusedException.class)
                .hasMessageContaining("account passes no record")
                .hasMessageContaining("nothing was sent. " + advice);
        assertThat(database.journal()).isEmpty();
    }
}
