package dev.commithooks.faults;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.faults.Told.owners;
import static dev.commithooks.faults.Told.store;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.CommitHooks;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TcpProxy;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.OutsideTransaction;
import dev.commithooks.spi.HookObserver;
import dev.commithooks.transaction.Failure;
import dev.commithooks.transaction.Outcome;
import dev.commithooks.transaction.StatementRefusedException;
import dev.commithooks.transaction.TransactionInfo;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.impl.DataSourceConnectionProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A statement is a transaction of its own on every source of connections, for observers, and under the policies. */
@Database
class ConnectionsOfStatementsTest extends OneStatement {

    ConnectionsOfStatementsTest(TestDatabase database) {
        super(database);
    }

    @Test
    void statementOfTheOuterDslOnASingleConnectionIsPartOfIt() throws SQLException {
        HookJournal journal = new HookJournal();
        try (Connection connection = database.simpleDataSource().getConnection()) {
            DSLContext[] outer = new DSLContext[1];
            outer[0] = CommitHooks.builder()
                    .registerAll(journal)
                    .on(
                            ACCOUNT,
                            on -> on.beforeCommitInsert((account, ctx) -> {
                                author(outer[0], "outer");
                                throw new IllegalStateException("veto");
                            }))
                    .build()
                    .attachTo(database.dsl(connection));

            assertThatThrownBy(() -> store(outer[0].configuration(), "ann")).hasMessage("veto");
            assertThat(connection.getAutoCommit()).isTrue();
        }
        assertThat(written()).isEmpty();
        assertThat(journal.events())
                .containsExactly(
                        "before insert account[1]",
                        "failed BEFORE_HOOK insert account[1]",
                        "failed BEFORE_HOOK insert author[1]");
    }

    @ParameterizedTest
    @EnumSource(names = "MANUAL_COMMIT_POOL", mode = EnumSource.Mode.EXCLUDE)
    void anySourceOfConnectionsWillDo(Source source) {
        DSLContext plain = source.plain(database);
        told.doing((event, ctx) -> {
            if (event.startsWith("before")) {
                ctx.dsl().transaction(nested -> author(nested.dsl(), "nested"));
                if (event.endsWith("bob")) {
                    throw new IllegalStateException("veto");
                }
            }
        });
        DSLContext dsl = told.attachTo(plain);
        try {
            store(dsl.configuration(), "ann");
            catchThrowable(() -> store(dsl.configuration(), "bob"));
            dsl.transaction(tx -> store(tx, "cleo"));
        } finally {
            Source.close(plain);
        }
        assertThat(written()).containsExactly("account INSERT", "author INSERT", "account INSERT", "author INSERT");
        assertThat(told.events())
                .containsExactly(
                        "before INSERT ann",
                        "after INSERT ann",
                        "before INSERT bob",
                        "failed INSERT bob BEFORE_HOOK",
                        "before INSERT cleo",
                        "after INSERT cleo");
    }

    @Test
    void withAThreadsProviderTheOuterDslIsPartOfIt() {
        HookJournal journal = new HookJournal();
        Configuration configuration = database.configuration()
                .set(CommitHooks.threadLocalTransactionProvider(new DataSourceConnectionProvider(pool)));
        DSLContext[] outer = new DSLContext[1];
        outer[0] = CommitHooks.builder()
                .registerAll(journal)
                .on(
                        ACCOUNT,
                        on -> on.beforeCommitInsert((account, ctx) -> {
                            author(outer[0], "outer");
                            if ("bob".equals(account.row().getOwner())) {
                                throw new IllegalStateException("veto");
                            }
                        }))
                .build()
                .attachTo(configuration.dsl());

        store(outer[0].configuration(), "ann");
        catchThrowable(() -> store(outer[0].configuration(), "bob"));
        outer[0].transaction(() -> store(outer[0].configuration(), "cleo"));

        assertThat(written()).containsExactly("account INSERT", "author INSERT", "account INSERT", "author INSERT");
        assertThat(journal.events())
                .filteredOn(event -> event.startsWith("failed"))
                .containsExactly("failed BEFORE_HOOK insert account[2]", "failed BEFORE_HOOK insert author[2]");
    }

    /** Where a connection fails, and what must have become of the row. */
    enum Failing {
        AUTOCOMMIT_OFF(FailingConnections.Point.AUTOCOMMIT_OFF, "failed INSERT ann NOTHING_WRITTEN", 0),
        COMMIT_NOT_SENT(FailingConnections.Point.COMMIT_BEFORE_IT_IS_SENT, "before INSERT ann, inDoubt INSERT ann", 0),
        COMMIT_ANSWER_LOST(
                FailingConnections.Point.COMMIT_AFTER_IT_SUCCEEDED, "before INSERT ann, inDoubt INSERT ann", 1),
        AUTOCOMMIT_ON(FailingConnections.Point.AUTOCOMMIT_ON, "before INSERT ann, after INSERT ann", 1),
        RELEASE(FailingConnections.Point.RELEASE, "before INSERT ann, after INSERT ann", 1);

        private final FailingConnections.Point point;
        private final String events;
        private final int rows;

        Failing(FailingConnections.Point point, String events, int rows) {
            this.point = point;
            this.events = events;
            this.rows = rows;
        }
    }

    @ParameterizedTest
    @EnumSource
    void hooksAreToldTheTruthWhereverTheConnectionFails(Failing failing) {
        FailingConnections connections = new FailingConnections(database.simpleDataSource());
        DSLContext dsl = told.attachTo(database.configuration().set(connections).dsl());
        connections.failAt(failing.point);

        Throwable thrown = catchThrowable(() -> store(dsl.configuration(), "ann"));

        connections.recover();
        if (failing == Failing.AUTOCOMMIT_ON || failing == Failing.RELEASE) {
            assertThat(thrown).isNull();
        } else {
            assertThat(thrown).isNotNull();
        }
        assertThat(String.join(", ", told.events())).isEqualTo(failing.events);
        assertThat(owners(database)).hasSize(failing.rows);
        assertThat(connections.released).hasValue(connections.acquired.get());
    }

    @Test
    void rollbackThatFailsIsSuppressedInTheVeto() {
        FailingConnections connections = new FailingConnections(database.simpleDataSource());
        told.doing((event, ctx) -> {
            if (event.startsWith("before")) {
                throw new IllegalStateException("veto");
            }
        });
        DSLContext dsl = told.attachTo(database.configuration().set(connections).dsl());
        connections.failAt(FailingConnections.Point.ROLLBACK);

        Throwable thrown = catchThrowable(() -> store(dsl.configuration(), "ann"));

        assertThat(thrown).hasMessage("veto");
        assertThat(thrown.getSuppressed())
                .anySatisfy(
                        suppressed -> assertThat(suppressed).hasStackTraceContaining("the rollback before it failed"));
        assertThat(told.events()).containsExactly("before INSERT ann", "failed INSERT ann BEFORE_HOOK");
        assertThat(owners(database)).isEmpty();
        assertThat(connections.released).hasValue(connections.acquired.get());
    }

    @Test
    @Needs(Ability.CAPTURED_INSERTS)
    void withoutBeforeHooksAutocommitIsLeftAlone() {
        FailingConnections connections = new FailingConnections(database.simpleDataSource());
        List<String> after = new ArrayList<>();
        DSLContext dsl = CommitHooks.builder()
                .on(ACCOUNT, on -> on.afterCommitInsert((account, ctx) -> after.add("after")))
                .build()
                .attachTo(database.configuration().set(connections).dsl());
        connections.failAt(FailingConnections.Point.AUTOCOMMIT_OFF, FailingConnections.Point.AUTOCOMMIT_ON);

        store(dsl.configuration(), "ann");
        dsl.insertInto(ACCOUNT).set(ACCOUNT.OWNER, "bob").execute();

        assertThat(after).hasSize(2);
        assertThat(owners(database)).containsExactly("ann", "bob");
    }

    @Test
    void observersSeeItAsATransaction() {
        List<String> seen = new ArrayList<>();
        HookObserver observer = new HookObserver() {
            @Override
            public void transactionBegun(TransactionInfo transaction) {
                seen.add("begun");
            }

            @Override
            public void boundary(TransactionInfo transaction, Phase phase, int changes) {
                seen.add(phase + " " + changes);
            }

            @Override
            public void outcome(
                    TransactionInfo transaction,
                    Outcome outcome,
                    @Nullable Failure failure,
                    int changes,
                    Duration duration) {
                seen.add(outcome + " " + changes + (failure == null ? "" : " " + failure.stage()));
            }
        };
        DSLContext dsl = told.attachTo(database.dsl(pool), hooks -> hooks.observer(observer));
        told.doing((event, ctx) -> {
            if (event.equals("before INSERT bob")) {
                throw new IllegalStateException("veto");
            }
        });

        store(dsl.configuration(), "ann");
        assertThat(seen).containsExactly("begun", "BEFORE 1", "AFTER 1", "COMMITTED 1");
        seen.clear();
        catchThrowable(() -> store(dsl.configuration(), "bob"));
        assertThat(seen).containsExactly("begun", "BEFORE 1", "FAILED 1", "ROLLED_BACK 1 BEFORE_HOOK");
        seen.clear();
        catchThrowable(() -> tooPoor(dsl).store());
        assertThat(seen).startsWith("begun", "FAILED 1").last().asString().startsWith("ROLLED_BACK");
        assertThat(seen).last().asString().endsWith("NOTHING_WRITTEN");
    }

    @ParameterizedTest
    @EnumSource
    @Needs(Ability.CAPTURED_INSERTS)
    void policiesForStatementsOutsideTransactionsHold(OutsideTransaction policy) {
        DSLContext dsl = told.attachTo(database.dsl(pool), hooks -> hooks.outsideTransaction(policy));

        Throwable record = catchThrowable(() -> store(dsl.configuration(), "ann"));
        Throwable statement = catchThrowable(
                () -> dsl.insertInto(ACCOUNT).set(ACCOUNT.OWNER, "bob").execute());
        Throwable batch =
                catchThrowable(() -> dsl.batchInsert(account(dsl, "cleo")).execute());

        boolean isRejected = policy == OutsideTransaction.REJECT;
        for (Throwable thrown : new Throwable[] {record, statement, batch}) {
            assertThat(thrown == null).isNotEqualTo(isRejected);
            assertThat(thrown == null || thrown instanceof StatementRefusedException)
                    .isTrue();
        }
        assertThat(owners(database)).hasSize(isRejected ? 0 : 3);
        assertThat(told.events()).hasSize(isRejected || policy == OutsideTransaction.IGNORE ? 0 : 6);
    }

    @Test
    @NeedsRealCommits("an outer transaction answers commits itself")
    @Needs(Ability.POSTGRESQL)
    void itCostsOneRoundTripMore() throws SQLException {
        try (TcpProxy proxy = TcpProxy.before(database);
                Connection connection = proxy.dataSource().getConnection()) {
            DSLContext dsl = told.attachTo(database.dsl(connection));
            DSLContext plain = database.dsl(connection);
            for (int i = 0; i < 10; i++) { // statements that are prepared on the server from the fifth time on
                account(plain, "plain").store();
                store(dsl.configuration(), "hooked");
            }

            int before = proxy.requests();
            account(plain, "plain").store();
            int plainly = proxy.requests() - before;
            before = proxy.requests();
            store(dsl.configuration(), "hooked");

            assertThat(proxy.requests() - before).isEqualTo(plainly + 1);
        }
    }
}
