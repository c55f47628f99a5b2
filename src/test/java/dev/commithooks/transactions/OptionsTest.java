package dev.commithooks.transactions;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.transaction.IsolationLevel.REPEATABLE_READ;
import static dev.commithooks.transaction.IsolationLevel.SERIALIZABLE;
import static dev.commithooks.transaction.Propagation.REQUIRED;
import static dev.commithooks.transaction.Propagation.REQUIRES_NEW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.Transactions;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.RetryPolicy;
import dev.commithooks.policy.TransactionDefaults;
import dev.commithooks.transaction.IsolationLevel;
import dev.commithooks.transaction.TransactionInfo;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The options of a transaction reach the database and the hooks, for this transaction only. */
@Database
class OptionsTest extends OptionsFixture {

    OptionsTest(TestDatabase database) {
        super(database);
    }

    private static String setting(DSLContext where, String name) {
        return where.fetchOne("select current_setting(?)", name).get(0, String.class);
    }

    @Test
    void optionsTellWhatTheyAre() {
        assertThat(Transactions.with(dsl).name("report").isolation(SERIALIZABLE).readOnly())
                .hasToString("transactions with NESTED, name(report), isolation(SERIALIZABLE), readOnly()");
    }

    @ParameterizedTest
    @EnumSource
    @NeedsRealCommits("asks for an isolation level of its own")
    @Needs(Ability.SHOWN_ISOLATION_LEVELS)
    void theDatabaseHasTheIsolationLevelForThisTransactionOnly(IsolationLevel level) {
        DSLContext one = hooks.attachTo(database.dsl(database.pool(1)));

        String inside = Transactions.with(one).isolation(level).call(tx -> database.isolation(tx.dsl()));
        assertThat(inside).isEqualTo(level.sql());

        assertThat(database.isolation(one)).isEqualTo("read committed");
        String afterwards = one.transactionResult(tx -> database.isolation(tx.dsl()));
        assertThat(afterwards).isEqualTo("read committed");
    }

    @Test
    @NeedsRealCommits("asks for an isolation level of its own")
    @Needs(Ability.POSTGRESQL)
    void theSettingsAreGoneAfterAFailureToo() {
        DSLContext one = hooks.attachTo(database.dsl(database.pool(1)));

        assertThatThrownBy(() -> Transactions.with(one)
                        .isolation(SERIALIZABLE)
                        .readOnly()
                        .deferrable()
                        .run(tx -> {
                            assertThat(database.isolation(tx.dsl())).isEqualTo("serializable");
                            assertThat(setting(tx.dsl(), "transaction_read_only"))
                                    .isEqualTo("on");
                            assertThat(setting(tx.dsl(), "transaction_deferrable"))
                                    .isEqualTo("on");
                            throw new IllegalArgumentException("no");
                        }))
                .hasMessage("no");

        one.transaction(tx -> {
            assertThat(database.isolation(tx.dsl())).isEqualTo("read committed");
            assertThat(setting(tx.dsl(), "transaction_read_only")).isEqualTo("off");
            assertThat(setting(tx.dsl(), "transaction_deferrable")).isEqualTo("off");
        });
    }

    @Test
    @NeedsRealCommits("asks for an isolation level of its own")
    @Needs(Ability.ISOLATION_LEVELS)
    void repeatableReadDoesNotSeeWhatIsCommittedMeanwhile() {
        Transactions.with(dsl).isolation(REPEATABLE_READ).run(tx -> {
            assertThat(tx.dsl().fetchCount(AUTHOR)).isZero();
            Transactions.with(tx).propagation(REQUIRES_NEW).run(other -> author(other, "meanwhile"));
            assertThat(tx.dsl().fetchCount(AUTHOR)).isZero();
        });

        assertThat(journal.events()).containsExactly("before insert author[1]", "after insert author[1]");
    }

    @Test
    @Needs(Ability.READ_ONLY_TRANSACTIONS)
    void aWriteInAReadOnlyTransactionIsToldByTheNameOfTheOption() {
        assertThatThrownBy(
                        () -> Transactions.with(dsl).readOnly().name("report").run(tx -> author(tx, "no")))
                .isInstanceOf(DataAccessException.class)
                .hasMessageContaining("'report' IS rolled back")
                .hasMessageContaining("readOnly()")
                .hasRootCauseInstanceOf(SQLException.class);

        assertThat(journal.events()).isEmpty();
        assertThat(database.journal()).isEmpty();
    }

    @Test
    @Needs(Ability.READ_ONLY_TRANSACTIONS)
    void aCallbackThatWritesBeforeTheCommitOfAReadOnlyTransactionIsToldSo() {
        assertThatThrownBy(() -> Transactions.with(dsl)
                        .readOnly()
                        .run(tx -> CommitHooks.current(tx).beforeCommit(() -> author(tx, "no"))))
                .hasMessageContaining("readOnly()")
                .hasMessageContaining("callback");

        assertThat(database.journal()).isEmpty();
    }

    @Test
    void theNameReachesHooksAndSavepoints() {
        List<TransactionInfo> seen = new ArrayList<>();

        Transactions.with(dsl).name("import").run(tx -> {
            Transactions.with(tx)
                    .name("line 1")
                    .run(nested -> seen.add(CommitHooks.current(nested).info()));
            Transactions.with(tx)
                    .propagation(REQUIRED)
                    .name("joined")
                    .run(joined -> seen.add(CommitHooks.current(joined).info()));
            seen.add(CommitHooks.current(tx).info());
        });

        assertThat(seen).extracting(info -> info.name().orElseThrow()).containsExactly("line 1", "import", "import");
        assertThat(seen).extracting(TransactionInfo::depth).containsExactly(1, 0, 0);
        assertThat(seen)
                .extracting(TransactionInfo::id)
                .containsOnly(seen.get(0).id());
    }

    @Test
    @NeedsRealCommits("asks for an isolation level of its own")
    @Needs(Ability.SHOWN_ISOLATION_LEVELS)
    void theDefaultsOfTheHooksHoldForWhatBeginsATransactionAndSaysNothingElse() {
        DSLContext strict = CommitHooks.builder()
                .transactionDefaults(
                        TransactionDefaults.none().isolation(SERIALIZABLE).retry(RetryPolicy.attempts(2)))
                .build()
                .attachTo(database.dsl(database.pool(1)));

        List<String> levels = Transactions.with(strict).call(tx -> {
            String outer = database.isolation(tx.dsl());
            String nested = Transactions.with(tx).call(in -> database.isolation(in.dsl()));
            return List.of(outer, nested);
        });
        String other = Transactions.with(strict).isolation(REPEATABLE_READ).call(tx -> database.isolation(tx.dsl()));

        assertThat(levels).containsExactly("serializable", "serializable");
        assertThat(other).isEqualTo("repeatable read");
    }

    @Test
    void aJoinedBlockRunsWithTheOpenTransaction() {
        dsl.transaction(tx -> {
            author(tx, "outer");
            Transactions.with(tx).propagation(REQUIRED).run(joined -> {
                assertThat(joined.dsl().fetchCount(AUTHOR)).isOne();
                author(joined, "joined");
            });
            assertThat(tx.dsl().fetchCount(AUTHOR)).isEqualTo(2);
        });

        assertThat(database.journal())
                .extracting(row -> row.txid())
                .hasSize(2)
                .containsOnly(database.journal().get(0).txid());
    }

    @Test
    void aCheckedExceptionLeavesAJoinedBlockAsJooqWouldWrapIt() {
        assertThatThrownBy(() -> dsl.transaction(
                        tx -> Transactions.with(tx).propagation(REQUIRED).run(joined -> {
                            throw new java.io.IOException("disk");
                        })))
                .isInstanceOf(DataAccessException.class)
                .hasMessage("Rollback caused")
                .hasRootCauseMessage("disk");
    }
}
