package dev.commithooks.faults;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.faults.Told.owners;
import static dev.commithooks.faults.Told.store;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.TcpProxy;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.OutsideTransaction;
import dev.commithooks.transaction.FailureStage;
import dev.commithooks.transaction.StatementRefusedException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.Test;

/** A record stored while no transaction is open. */
@Database
class OutsideTransactionTest {

    private final TestDatabase database;
    private final Told told = new Told();

    OutsideTransactionTest(TestDatabase database) {
        this.database = database;
    }

    private DSLContext dsl() {
        return told.attachTo(database.dsl(database.pool(2)));
    }

    private DSLContext dsl(OutsideTransaction policy) {
        return told.attachTo(database.dsl(database.pool(2)), hooks -> hooks.outsideTransaction(policy));
    }

    @Test
    void statementIsItsOwnTransaction() {
        AccountRecord account = store(dsl().configuration(), "ann");
        account.setOwner("bob");
        account.store();
        account.delete();

        assertThat(told.events())
                .containsExactly(
                        "before INSERT ann",
                        "after INSERT ann",
                        "before UPDATE bob",
                        "after UPDATE bob",
                        "before DELETE bob",
                        "after DELETE bob");
        assertThat(owners(database)).isEmpty();
    }

    @Test
    void beforeHookThatThrowsRollsTheStatementBack() {
        told.doing((event, ctx) -> {
            if (event.startsWith("before")) {
                throw new IllegalStateException("veto");
            }
        });

        assertThatThrownBy(() -> store(dsl().configuration(), "ann")).hasStackTraceContaining("veto");

        assertThat(told.events()).containsExactly("before INSERT ann", "failed INSERT ann BEFORE_HOOK");
        assertThat(owners(database)).isEmpty();
    }

    @Test
    void statementThatFailsWroteNothing() {
        AccountRecord account = dsl().newRecord(ACCOUNT);
        account.setOwner("ann");
        account.setBalance(new BigDecimal("-1"));

        assertThatThrownBy(account::store).isInstanceOf(DataAccessException.class);

        assertThat(told.events()).containsExactly("failed INSERT ann NOTHING_WRITTEN");
        assertThat(told.failures()).singleElement().satisfies(failure -> {
            assertThat(failure.stage()).isEqualTo(FailureStage.NOTHING_WRITTEN);
            assertThat(failure.beforeRan()).isFalse();
            assertThat(failure.cause()).isPresent();
        });
        assertThat(owners(database)).isEmpty();
    }

    @Test
    void statementOfNoRowWroteNothing() {
        AccountRecord account = dsl().newRecord(ACCOUNT);
        account.setId(4711L);
        account.setOwner("ann");
        account.changed(ACCOUNT.ID, false);
        account.update();

        assertThat(told.events()).containsExactly("failed UPDATE ann NOTHING_WRITTEN");
    }

    @Test
    @Needs(Ability.NETWORK)
    void statementWhoseConnectionDiesIsInDoubt() {
        try (TcpProxy proxy = TcpProxy.before(database)) {
            DSLContext dsl = told.attachTo(database.dsl(proxy.dataSource()));
            told.doing((event, ctx) -> {
                if (event.startsWith("before")) {
                    proxy.cut();
                }
            });

            assertThatThrownBy(() -> store(dsl.configuration(), "ann")).isInstanceOf(RuntimeException.class);

            assertThat(told.events()).containsExactly("before INSERT ann", "inDoubt INSERT ann");
        }
    }

    @Test
    void rejectedStatementIsNotSent() {
        DSLContext dsl = dsl(OutsideTransaction.REJECT);

        assertThatThrownBy(() -> store(dsl.configuration(), "ann"))
                .isInstanceOf(StatementRefusedException.class)
                .hasMessageContainingAll("account", "dsl.transaction");
        dsl.transaction(tx -> store(tx, "bob"));

        assertThat(told.events()).containsExactly("before INSERT bob", "after INSERT bob");
        assertThat(owners(database)).containsExactly("bob");
    }

    @Test
    void ignoredStatementFiresNothing() {
        DSLContext dsl = dsl(OutsideTransaction.IGNORE);

        store(dsl.configuration(), "ann");
        dsl.transaction(tx -> store(tx, "bob"));

        assertThat(told.events()).containsExactly("before INSERT bob", "after INSERT bob");
        assertThat(owners(database)).containsExactly("ann", "bob");
    }

    @Test
    void warningIsGivenOnce() {
        DSLContext dsl = dsl(OutsideTransaction.WARN);

        List<String> warnings = warningsOf(() -> {
            store(dsl.configuration(), "ann");
            store(dsl.configuration(), "bob");
        });

        assertThat(warnings).singleElement().asString().contains("outside a transaction", "account");
        assertThat(told.events())
                .containsExactly("before INSERT ann", "after INSERT ann", "before INSERT bob", "after INSERT bob");
    }

    @Test
    void callbackOutsideRunsAtOnce() {
        DSLContext dsl = dsl();

        CommitHooks.current(dsl).onCommit(() -> told.note("onCommit"));

        assertThat(told.events()).containsExactly("onCommit");
        assertThatThrownBy(() -> CommitHooks.current(dsl).onRollback(failure -> {}))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() ->
                        CommitHooks.current(dsl(OutsideTransaction.REJECT)).onCommit(() -> {}))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> CommitHooks.current(database.dsl()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("attachTo");
    }

    @Test
    void connectionOfAnOpenTransactionIsPartOfIt() {
        DSLContext dsl = dsl();

        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    tx.dsl().connection(connection -> {
                        Configuration same = dsl.configuration().derive(connection);
                        store(same, "ann");
                    });
                    throw new IllegalStateException("work");
                }))
                .hasMessage("work");

        assertThat(told.events()).containsExactly("failed INSERT ann WORK");
        assertThat(owners(database)).isEmpty();
    }

    @Test
    @Needs(Ability.CONCURRENT_WRITERS)
    void recordOfTheOuterConfigurationFollowsItsOwnFateAndIsWarnedAbout() {
        DSLContext dsl = dsl();
        AccountRecord outer = dsl.newRecord(ACCOUNT);
        outer.setOwner("ann");

        List<String> warnings = warningsOf(() -> assertThatThrownBy(() -> dsl.transaction(tx -> {
                    store(tx, "bob");
                    outer.store();
                    throw new IllegalStateException("work");
                }))
                .hasMessage("work"));

        assertThat(warnings).singleElement().asString().contains("outside the transaction", "tx.dsl()");
        assertThat(told.events()).containsExactly("before INSERT ann", "after INSERT ann", "failed INSERT bob WORK");
        assertThat(owners(database)).containsExactly("ann");
    }

    @Test
    void configurationLeakedOutOfATransactionCountsAsOutside() {
        DSLContext dsl = dsl();
        Configuration[] leaked = new Configuration[1];
        dsl.transaction(tx -> leaked[0] = tx);

        List<String> warnings = warningsOf(() -> store(leaked[0], "ann"));

        assertThat(warnings).singleElement().asString().contains("transaction", "commits by itself");
        assertThat(told.events()).containsExactly("before INSERT ann", "after INSERT ann");
        assertThat(owners(database)).containsExactly("ann");
    }

    @Test
    void transactionBegunWithALeakedConfigurationIsATransaction() {
        DSLContext dsl = dsl();
        Configuration[] leaked = new Configuration[1];
        dsl.transaction(tx -> leaked[0] = tx);

        leaked[0].dsl().transaction(tx -> store(tx, "ann"));

        assertThat(told.events()).containsExactly("before INSERT ann", "after INSERT ann");
        assertThat(owners(database)).containsExactly("ann");
    }

    /** What the library's logger says meanwhile. */
    private static List<String> warningsOf(Runnable work) {
        List<String> messages = new ArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord record) {
                messages.add(new java.util.logging.SimpleFormatter().formatMessage(record));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger("dev.commithooks");
        logger.addHandler(handler);
        try {
            work.run();
        } finally {
            logger.removeHandler(handler);
        }
        return messages;
    }
}
