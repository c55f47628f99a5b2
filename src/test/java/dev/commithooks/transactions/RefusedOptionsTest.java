package dev.commithooks.transactions;

import static dev.commithooks.transaction.IsolationLevel.SERIALIZABLE;
import static dev.commithooks.transaction.Propagation.MANDATORY;
import static dev.commithooks.transaction.Propagation.NEVER;
import static dev.commithooks.transaction.Propagation.REQUIRED;
import static dev.commithooks.transaction.Propagation.REQUIRES_NEW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.Transactions;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.RetryPolicy;
import java.sql.Connection;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.junit.jupiter.api.Test;

/** Options that nothing could come of are refused before anything is run. */
@Database
class RefusedOptionsTest extends OptionsFixture {

    RefusedOptionsTest(TestDatabase database) {
        super(database);
    }

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
}
