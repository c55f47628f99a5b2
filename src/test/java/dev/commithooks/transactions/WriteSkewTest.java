package dev.commithooks.transactions;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.transaction.IsolationLevel.SERIALIZABLE;
import static dev.commithooks.transaction.Propagation.REQUIRES_NEW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.Transactions;
import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jooq.Configuration;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;

/** Two transactions that each write what the other has read. */
@Database
class WriteSkewTest extends OptionsFixture {

    WriteSkewTest(TestDatabase database) {
        super(database);
    }

    @Test
    @Needs(Ability.CONCURRENT_WRITERS)
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
    @Needs(Ability.SERIALIZATION_FAILURES)
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
}
