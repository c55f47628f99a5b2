package dev.commithooks.transactions;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.transaction.IsolationLevel.REPEATABLE_READ;
import static dev.commithooks.transaction.IsolationLevel.SERIALIZABLE;
import static dev.commithooks.transaction.Propagation.MANDATORY;
import static dev.commithooks.transaction.Propagation.NEVER;
import static dev.commithooks.transaction.Propagation.REQUIRED;
import static dev.commithooks.transaction.Propagation.REQUIRES_NEW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.Transactions;
import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.RetryPolicy;
import dev.commithooks.policy.TransactionDefaults;
import dev.commithooks.transaction.IsolationLevel;
import dev.commithooks.transaction.TransactionInfo;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Database
class OptionsTest {

    private final HookJournal journal = new HookJournal();
    private final CommitHooks hooks = CommitHooks.builder().registerAll(journal).build();
    private final TestDatabase database;
    private final DSLContext dsl;

    OptionsTest(TestDatabase database) {
        this.database = database;
        this.dsl = hooks.attachTo(database.dsl(database.pool(2)));
    }

    private static String setting(DSLContext where, String name) {
        return where.fetchOne("select current_setting(?)", name).get(0, String.class);
    }

    private static AuthorRecord author(Configuration tx, String name) {
        AuthorRecord author = tx.dsl().newRecord(AUTHOR);
        author.setName(name);
        author.store();
        return author;
    }

    // ---------------------------------------------------------------- what the database says

    @Test
    void optionsTellWhatTheyAre() {
        assertThat(Transactions.with(dsl).name("report").isolation(SERIALIZABLE).readOnly())
                .hasToString("transactions with NESTED, name(report), isolation(SERIALIZABLE), readOnly()");
    }

    @ParameterizedTest
    @EnumSource
    @NeedsRealCommits("asks for an isolation level of its own")
    void theDatabaseHasTheIsolationLevelForThisTransactionOnly(IsolationLevel level) {
        DSLContext one = hooks.attachTo(database.dsl(database.pool(1)));

        String inside = Transactions.with(one).isolation(level).call(tx -> setting(tx.dsl(), "transaction_isolation"));
        assertThat(inside).isEqualTo(level.sql());

        assertThat(setting(one, "transaction_isolation")).isEqualTo("read committed");
        String afterwards = one.transactionResult(tx -> setting(tx.dsl(), "transaction_isolation"));
        assertThat(afterwards).isEqualTo("read committed");
    }

    @Test
    @NeedsRealCommits("asks for an isolation level of its own")
    void theSettingsAreGoneAfterAFailureToo() {
        DSLContext one = hooks.attachTo(database.dsl(database.pool(1)));

        assertThatThrownBy(() -> Transactions.with(one)
                        .isolation(SERIALIZABLE)
                        .readOnly()
                        .deferrable()
                        .run(tx -> {
                            assertThat(setting(tx.dsl(), "transaction_isolation"))
                                    .isEqualTo("serializable");
                            assertThat(setting(tx.dsl(), "transaction_read_only"))
                                    .isEqualTo("on");
                            assertThat(setting(tx.dsl(), "transaction_deferrable"))
                                    .isEqualTo("on");
                            throw new IllegalArgumentException("no");
                        }))
                .hasMessage("no");

        one.transaction(tx -> {
            assertThat(setting(tx.dsl(), "transaction_isolation")).isEqualTo("read committed");
            assertThat(setting(tx.dsl(), "transaction_read_only")).isEqualTo("off");
            assertThat(setting(tx.dsl(), "transaction_deferrable")).isEqualTo("off");
        });
    }

    @Test
    @NeedsRealCommits("asks for an isolation level of its own")
    void repeatableReadDoesNotSeeWhatIsCommittedMeanwhile() {
        Transactions.with(dsl).isolation(REPEATABLE_READ).run(tx -> {
            assertThat(tx.dsl().fetchCount(AUTHOR)).isZero();
            Transactions.with(tx).propagation(REQUIRES_NEW).run(other -> author(other, "meanwhile"));
            assertThat(tx.dsl().fetchCount(AUTHOR)).isZero();
        });

        assertThat(journal.events()).containsExactly("before insert author[1]", "after insert author[1]");
    }

    // ---------------------------------------------------------------- write skew

    @Test
    void writeSkewHappensWithoutSerializable() {
        twoAccountsOf(60);

        withdrawFromBothAtATime(transactions -> transactions);

        assertThat(total()).isEqualByComparingTo("-80");
        assertThat(journal.drain())
                .filteredOn(event -> event.startsWith("after update"))
                .hasSize(2);
    }

    @Test
    @NeedsRealCommits("asks for an isolation level of its own")
    void writeSkewDoesNotHappenWithSerializable() {
        twoAccountsOf(60);

        assertThatThrownBy(() -> withdrawFromBothAtATime(transactions -> transactions.isolation(SERIALIZABLE)))
                .isInstanceOf(DataAccessException.class)
                .satisfies(e -> assertThat(((DataAccessException) e).sqlState()).isEqualTo("40001"));

        assertThat(total()).isEqualByComparingTo("20");
        assertThat(journal.drain()).containsExactly("before update account[2]", "after update account[2]");
    }

    private void twoAccountsOf(int balance) {
        database.dsl().execute("alter table account drop constraint if exists account_balance_is_not_negative");
        dsl.transaction(tx -> {
            for (String owner : List.of("a", "b")) {
                AccountRecord account = tx.dsl().newRecord(ACCOUNT);
                account.setOwner(owner);
                account.setBalance(BigDecimal.valueOf(balance));
                account.store();
            }
        });
        journal.drain();
    }

    private BigDecimal total() {
        return database.dsl()
                .select(DSL.sum(ACCOUNT.BALANCE))
                .from(ACCOUNT)
                .fetchSingle()
                .value1();
    }

    /** Each withdraws from one account what both together have, having seen both; the second one commits within the first. */
    private void withdrawFromBothAtATime(UnaryOperator<Transactions> options) {
        options.apply(Transactions.with(dsl)).run(first -> {
            withdrawIfThereIsEnough(
                    first,
                    1,
                    () -> options.apply(Transactions.with(first).propagation(REQUIRES_NEW))
                            .run(second -> withdrawIfThereIsEnough(second, 2, () -> {})));
        });
    }

    private static void withdrawIfThereIsEnough(Configuration tx, long account, Runnable meanwhile) {
        BigDecimal both = tx.dsl()
                .select(DSL.sum(ACCOUNT.BALANCE))
                .from(ACCOUNT)
                .fetchSingle()
                .value1();
        assertThat(both).isEqualByComparingTo("120");
        meanwhile.run();
        AccountRecord record = tx.dsl().fetchSingle(ACCOUNT, ACCOUNT.ID.eq(account));
        record.setBalance(record.getBalance().subtract(BigDecimal.valueOf(100)));
        record.store();
    }

    // ---------------------------------------------------------------- read-only

    @Test
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
    void aCallbackThatWritesBeforeTheCommitOfAReadOnlyTransactionIsToldSo() {
        assertThatThrownBy(() -> Transactions.with(dsl)
                        .readOnly()
                        .run(tx -> CommitHooks.current(tx).beforeCommit(() -> author(tx, "no"))))
                .hasMessageContaining("readOnly()")
                .hasMessageContaining("callback");

        assertThat(database.journal()).isEmpty();
    }

    // ---------------------------------------------------------------- names

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

    // ---------------------------------------------------------------- defaults

    @Test
    @NeedsRealCommits("asks for an isolation level of its own")
    void theDefaultsOfTheHooksHoldForWhatBeginsATransactionAndSaysNothingElse() {
        DSLContext strict = CommitHooks.builder()
                .transactionDefaults(
                        TransactionDefaults.none().isolation(SERIALIZABLE).retry(RetryPolicy.attempts(2)))
                .build()
                .attachTo(database.dsl(database.pool(1)));

        List<String> levels = Transactions.with(strict).call(tx -> {
            String outer = setting(tx.dsl(), "transaction_isolation");
            String nested = Transactions.with(tx).call(in -> setting(in.dsl(), "transaction_isolation"));
            return List.of(outer, nested);
        });
        String other = Transactions.with(strict)
                .isolation(REPEATABLE_READ)
                .call(tx -> setting(tx.dsl(), "transaction_isolation"));

        assertThat(levels).containsExactly("serializable", "serializable");
        assertThat(other).isEqualTo("repeatable read");
    }

    // ---------------------------------------------------------------- bad input

    @Test
    void optionsThatOnlyABeginCanBringAboutAreRefusedInATransaction() {
        dsl.transaction(tx -> {
            Transactions nested = Transactions.with(tx);
            refused(nested.isolation(SERIALIZABLE), "isolation(SERIALIZABLE) cannot hold", "REQUIRES_NEW");
            refused(nested.readOnly(), "readOnly() cannot hold", "savepoint");
            refused(nested.readOnly().deferrable(), "readOnly(), deferrable() cannot hold");
            refused(nested.retry(RetryPolicy.attempts(3)), "retry(up to 3 attempts", "outermost");
            refused(nested.propagation(REQUIRED).isolation(SERIALIZABLE), "isolation(SERIALIZABLE)", "joins");
            refused(nested.propagation(MANDATORY).readOnly(), "readOnly()", "joins");
            author(tx, "fit to go on");
        });

        assertThat(journal.events()).containsExactly("before insert author[1]", "after insert author[1]");
    }

    @Test
    void optionsWithoutAnythingToHoldForAreRefused() {
        refused(Transactions.with(dsl).propagation(NEVER).isolation(SERIALIZABLE), "isolation(SERIALIZABLE)", "NEVER");
        refused(Transactions.with(dsl).propagation(NEVER).retry(RetryPolicy.attempts(2)), "retry", "NEVER");
        refused(Transactions.with(dsl).deferrable(), "deferrable()", "readOnly()");
        refused(Transactions.with(dsl).deferrable().readOnly(), "deferrable()", "isolation(SERIALIZABLE)");
        assertThatThrownBy(() -> Transactions.with(dsl).name(" ")).hasMessageContaining("name");
        assertThatThrownBy(() -> Transactions.with(database.dsl())).hasMessageContaining("attachTo");
        assertThatThrownBy(() -> RetryPolicy.attempts(0)).hasMessageContaining("attempts(0)");
    }

    private static void refused(Transactions transactions, String... messages) {
        assertThatThrownBy(() -> transactions.run(tx -> {
                    throw new AssertionError("must not run");
                }))
                .isInstanceOf(RuntimeException.class)
                .hasMessageContainingAll(messages)
                .hasMessageContaining("nothing was run");
    }

    @Test
    void requiresNewIsRefusedOnASingleConnection() throws Exception {
        try (Connection connection = database.simpleDataSource().getConnection()) {
            DSLContext single = hooks.attachTo(database.dsl(connection));

            single.transaction(tx -> {
                author(tx, "outer");
                refused(Transactions.with(tx).propagation(REQUIRES_NEW), "REQUIRES_NEW", "DataSource", "NESTED");
                refused(Transactions.with(single).propagation(REQUIRES_NEW), "REQUIRES_NEW", "single one");
            });
            Transactions.with(single).propagation(REQUIRES_NEW).run(tx -> author(tx, "alone"));

            assertThat(connection.getAutoCommit()).isTrue();
        }

        assertThat(database.journal()).extracting(row -> row.value("name")).containsExactly("outer", "alone");
        assertThat(journal.events())
                .containsExactly(
                        "before insert author[1]",
                        "after insert author[1]",
                        "before insert author[2]",
                        "after insert author[2]");
    }

    @Test
    void requiresNewIsRefusedWithAThreadLocalProvider() {
        Configuration bound = database.dsl(database.pool(2)).configuration();
        bound.set(CommitHooks.threadLocalTransactionProvider(bound.connectionProvider()));
        DSLContext threadLocal = hooks.attachTo(bound).dsl();

        threadLocal.transaction(() -> {
            refused(Transactions.with(threadLocal).propagation(REQUIRES_NEW), "REQUIRES_NEW", "thread-local");
            boolean joined = Transactions.with(threadLocal)
                    .propagation(MANDATORY)
                    .call(tx -> CommitHooks.current(tx).info().depth() == 0);
            assertThat(joined).isTrue();
        });
    }

    @Test
    void aJoinedBlockRunsWithTheOpenTransaction() {
        dsl.transaction(tx -> {
            long outer = Transactions.with(tx)
                    .propagation(REQUIRED)
                    .call(joined -> joined.dsl()
                            .fetchSingle("select pg_current_xact_id()::text::bigint")
                            .get(0, Long.class));
            assertThat(tx.dsl()
                            .fetchSingle("select pg_current_xact_id()::text::bigint")
                            .get(0, Long.class))
                    .isEqualTo(outer);
        });
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
