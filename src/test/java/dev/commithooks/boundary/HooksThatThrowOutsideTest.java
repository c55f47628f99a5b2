package dev.commithooks.boundary;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.CommitHooks;
import dev.commithooks.CommitHooksBuilder;
import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.hook.HookLambda;
import dev.commithooks.transaction.AfterCommitException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.conf.Settings;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What hooks throw outside of transactions keeps nobody from hearing, and hides no exception of the database's. */
@Database
@NeedsRealCommits("each statement commits by itself")
class HooksThatThrowOutsideTest extends EdgesFixture {

    private final List<String> told = new ArrayList<>();

    HooksThatThrowOutsideTest(TestDatabase database) {
        super(database);
    }

    private <T> HookLambda<T> throwing(String hook) {
        return (change, ctx) -> {
            told.add(hook);
            throw new IllegalStateException(hook);
        };
    }

    private DSLContext dsl(CommitHooksBuilder hooks, Settings settings) {
        return hooks.build().attachTo(database.dsl(database.pool(2), settings));
    }

    private static AccountRecord account(DSLContext dsl, long id, String balance) {
        AccountRecord account = dsl.newRecord(ACCOUNT);
        account.setId(id);
        account.setOwner("ann");
        account.setBalance(new BigDecimal(balance));
        return account;
    }

    /** No exception of the database's is on its way that could take in what the first hook throws. */
    @Test
    void rowsOfABatchThatWereNotWrittenAreToldOfThoughHooksOfTheOthersThrow() {
        account(database.dsl(), 1, "1").insert();
        DSLContext dsl = dsl(
                CommitHooks.builder()
                        .on(
                                ACCOUNT,
                                on -> on.afterCommitUpdate(throwing("after"))
                                        .failedCommitUpdate((account, ctx) -> told.add(
                                                "failed " + account.row().getId()))),
                new Settings());
        AccountRecord there = account(dsl, 1, "2");
        AccountRecord gone = account(dsl, 2, "2");
        there.changed(ACCOUNT.ID, false);
        gone.changed(ACCOUNT.ID, false);

        Throwable thrown = catchThrowable(() -> dsl.batchUpdate(there, gone).execute());

        assertThat(told).containsExactly("after", "failed 2");
        assertThat(thrown).isInstanceOf(AfterCommitException.class).hasMessageContaining("IS committed");
        assertThat(balances()).containsExactly("2");
    }

    @Test
    void chunksOfABatchAreToldOfThoughHooksOfTheFirstThrow() {
        DSLContext dsl = dsl(
                CommitHooks.builder().on(ACCOUNT, on -> on.afterCommitInsert(throwing("after"))),
                new Settings().withBatchSize(1));

        Throwable thrown = catchThrowable(() ->
                dsl.batchInsert(account(dsl, 1, "1"), account(dsl, 2, "2")).execute());

        assertThat(told).containsExactly("after", "after");
        assertThat(thrown).isInstanceOf(AfterCommitException.class).hasMessageContaining("IS committed");
        assertThat(thrown.getSuppressed()).hasExactlyElementsOfTypes(AfterCommitException.class);
        assertThat(balances()).containsExactly("1", "2");
    }

    /** With before hooks the statement has a transaction, without it commits by itself. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void databasesOwnExceptionTakesInWhatFailedHooksThrow(boolean hasBeforeHook) {
        account(database.dsl(), 1, "1").insert();
        DSLContext dsl = dsl(
                CommitHooks.builder().on(ACCOUNT, on -> {
                    on.failedCommitInsert(throwing("failed"));
                    if (hasBeforeHook) {
                        on.beforeCommitInsert(throwing("before"));
                    }
                }),
                new Settings());

        Throwable thrown = catchThrowable(() -> account(dsl, 1, "2").insert());

        assertThat(told).containsExactly("failed");
        assertThat(thrown).isInstanceOf(DataAccessException.class);
        assertThat(thrown.getSuppressed()).extracting(Throwable::getMessage).containsExactly("failed");
        assertThat(balances()).containsExactly("1");
    }

    private List<String> balances() {
        return database.dsl()
                .selectFrom(ACCOUNT)
                .orderBy(ACCOUNT.ID)
                .fetch(account -> account.getBalance().stripTrailingZeros().toPlainString());
    }
}
