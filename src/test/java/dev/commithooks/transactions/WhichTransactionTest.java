package dev.commithooks.transactions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.CommitHooks;
import dev.commithooks.TransactionSession;
import dev.commithooks.Transactions;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.OutsideTransaction;
import dev.commithooks.policy.RetryPolicy;
import dev.commithooks.transaction.IsolationLevel;
import dev.commithooks.transaction.Propagation;
import dev.commithooks.transaction.StatementRefusedException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.ExecuteContext;
import org.jooq.ExecuteListener;
import org.jooq.impl.DataSourceConnectionProvider;
import org.jooq.impl.DefaultTransactionProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;

/** The same answer to "which transaction is this?" for records, callbacks, sessions and whoever asks. */
@NeedsRealCommits("transactions of others on the very connection")
class WhichTransactionTest extends SessionFixture {

    WhichTransactionTest(TestDatabase database) {
        super(database);
    }

    // ---------------------------------------------------------------- one connection

    @Test
    void recordOfTheOuterDslOnASingleConnectionIsPartOfTheTransactionThatHoldsIt() throws SQLException {
        try (Connection connection = pool.getConnection()) {
            DSLContext outer = hooks.attachTo(database.dsl(connection));

            outer.transaction(tx -> author(outer, "Ada"));
            Throwable failure = catchThrowable(() -> outer.transaction(tx -> {
                author(outer, "Bob");
                throw new IllegalStateException("no");
            }));

            assertThat(failure).hasMessage("no");
        }
        assertThat(journal.events())
                .containsExactly("before insert author[1]", "after insert author[1]", "failed WORK insert author[2]");
        assertThat(committedNames()).containsExactly("Ada");
    }

    @Test
    void callbackOfTheOuterDslOnASingleConnectionWaitsForTheTransactionThatHoldsIt() throws SQLException {
        List<String> told = new ArrayList<>();
        try (Connection connection = pool.getConnection()) {
            DSLContext outer = hooks.attachTo(database.dsl(connection));
            catchThrowable(() -> outer.transaction(tx -> {
                CommitHooks.current(outer).onCommit(() -> told.add("committed"));
                throw new IllegalStateException("no");
            }));
            outer.transaction(tx -> CommitHooks.current(outer).onCommit(() -> told.add("really committed")));
        }
        assertThat(told).containsExactly("really committed");
    }

    @Test
    void recordOfADslOnTheConnectionBelowIsPartOfATransactionOnJooqsWrapperOfIt() throws SQLException {
        try (Connection connection = pool.getConnection()) {
            DSLContext below = hooks.attachTo(database.dsl(connection));
            Connection wrapper = asListenersGetIt(connection);
            DSLContext outer = hooks.attachTo(database.dsl(wrapper));

            Throwable failure = catchThrowable(() -> outer.transaction(tx -> {
                author(below, "Ada");
                throw new IllegalStateException("no");
            }));

            assertThat(wrapper).isNotSameAs(connection);
            assertThat(failure).hasMessage("no");
        }
        assertThat(journal.events()).containsExactly("failed WORK insert author[1]");
        assertThat(committedNames()).isEmpty();
    }

    private Connection asListenersGetIt(Connection connection) {
        List<Connection> given = new ArrayList<>();
        database.dsl(connection)
                .configuration()
                .derive(new ExecuteListener() {
                    @Override
                    public void executeStart(ExecuteContext ctx) {
                        given.add(ctx.connection());
                    }
                })
                .dsl()
                .fetchValue("select 1");
        return given.get(0);
    }

    // ---------------------------------------------------------------- somebody else's

    @Test
    void attachingInsideSomebodysPlainTransactionIsRefusedAndHisWorkGoesOn() {
        DSLContext plain = database.dsl(pool);

        plain.transaction(tx -> {
            author(tx.dsl(), "Ada");
            assertThatThrownBy(() -> hooks.attachTo(tx.dsl()))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("in a transaction that jOOQ began without these hooks")
                    .hasMessageContaining("Nothing was installed");
            author(tx.dsl(), "Bob");
        });

        assertThat(committedNames()).containsExactly("Ada", "Bob");
        assertThat(connectionsInUse()).isZero();
    }

    @Test
    @Needs(Ability.TOLD_TRANSACTIONS)
    void beginningOnAConnectionWithAnOpenTransactionIsRefusedAndThatOneIsAsItWas() throws SQLException {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            DSLContext theirs = database.dsl(connection);
            author(theirs, "theirs");
            DSLContext ours = hooks.attachTo(database.dsl(connection));

            assertThatThrownBy(() -> ours.transaction(tx -> author(tx.dsl(), "ours")))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("No transaction was begun")
                    .hasMessageContaining("It is as it was");
            assertThatThrownBy(() -> {
                        try (TransactionSession session = hooks.open(ours)) {
                            author(session.dsl(), "ours");
                        }
                    })
                    .hasStackTraceContaining("No transaction was begun");

            assertThat(connection.getAutoCommit()).isFalse();
            connection.commit();
        }
        assertThat(committedNames()).containsExactly("theirs");
        assertThat(journal.events()).isEmpty();
    }

    @Test
    void aTransactionProviderThatTookThePlaceOfOursIsRefusedAtTheNextBegin() {
        Configuration replaced =
                dsl.configuration().derive(new DefaultTransactionProvider(new DataSourceConnectionProvider(pool)));

        assertThatThrownBy(() -> replaced.dsl().transaction(tx -> author(tx.dsl(), "Ada")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("TransactionProvider")
                .hasMessageContaining("no transaction was begun");

        assertThat(committedNames()).isEmpty();
        assertThat(connectionsInUse()).isZero();
    }

    // ---------------------------------------------------------------- callbacks outside

    @Test
    void callbackOnAConnectionWithoutAutocommitIsRefusedAsARecordIs() throws SQLException {
        List<String> told = new ArrayList<>();
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            DSLContext dsl = hooks.attachTo(database.dsl(connection));

            assertThatThrownBy(() -> author(dsl, "Ada")).isInstanceOf(StatementRefusedException.class);
            assertThatThrownBy(() -> CommitHooks.current(dsl).onCommit(() -> told.add("committed")))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("was not run");
        }
        assertThat(told).isEmpty();
    }

    @Test
    void callbackOfATransactionThatHasEndedIsRefused() {
        List<String> told = new ArrayList<>();
        List<Configuration> kept = new ArrayList<>();
        catchThrowable(() -> dsl.transaction(tx -> {
            kept.add(tx);
            throw new IllegalStateException("no");
        }));

        assertThatThrownBy(() -> CommitHooks.current(kept.get(0)).onCommit(() -> told.add("committed")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("ended")
                .hasMessageContaining("was not run");
        assertThat(told).isEmpty();
    }

    @Test
    void callbackOutsideIsRefusedUnderReject() {
        DSLContext strict = CommitHooks.builder()
                .registerAll(journal)
                .outsideTransaction(OutsideTransaction.REJECT)
                .build()
                .attachTo(database.dsl(pool));

        assertThatThrownBy(() -> CommitHooks.current(strict).onCommit(() -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("REJECT");
    }

    // ---------------------------------------------------------------- sessions

    @Test
    void askingBeginsNoTransactionOfASession() {
        try (TransactionSession session = hooks.open(dsl)) {
            assertThat(session.isOpen()).isFalse();
            assertThat(CommitHooks.current(session.dsl()).isRollbackOnly()).isFalse();
            assertThat(catchThrowable(() -> CommitHooks.current(session.dsl()).pending()))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(connectionsInUse()).isZero();

            List<String> told = new ArrayList<>();
            CommitHooks.current(session.dsl()).onCommit(() -> told.add("committed"));
            assertThat(told).isEmpty();
            assertThat(session.isOpen()).isTrue();
            session.commit();
            assertThat(told).containsExactly("committed");
        }
    }

    @Test
    void aJoinedBlockMayNotCommitTheSessionThatItJoined() {
        try (TransactionSession session = hooks.open(dsl)) {
            author(session.dsl(), "Ada");
            Transactions.with(session.dsl()).propagation(Propagation.REQUIRED).run(tx -> {
                author(tx.dsl(), "Bob");
                assertThatThrownBy(session::commit)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("a block that has joined");
            });
            session.commit();
        }
        assertThat(committedNames()).containsExactly("Ada", "Bob");
    }

    @Test
    @Timeout(value = 30, threadMode = ThreadMode.SEPARATE_THREAD)
    void aListenerThatCommitsTheSessionOfItsOwnStatementIsRefusedAndDoesNotWaitForEver() {
        List<TransactionSession> sessions = new ArrayList<>();
        List<Throwable> refused = new ArrayList<>();
        DSLContext listened = whileInserting(() -> sessions.forEach(TransactionSession::commit), refused);
        try (TransactionSession session = hooks.open(listened)) {
            sessions.add(session);
            author(session.dsl(), "Ada");
            sessions.clear();
            session.commit();
        }
        assertThat(refused)
                .singleElement()
                .satisfies(failure -> assertThat(failure)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("within a statement"));
        assertThat(journal.events()).containsExactly("before insert author[1]", "after insert author[1]");
    }

    @Test
    @Needs(Ability.SHOWN_ISOLATION_LEVELS)
    void sessionsTakeOptions() {
        try (TransactionSession session = Transactions.with(dsl)
                .isolation(IsolationLevel.SERIALIZABLE)
                .name("import")
                .open()) {
            for (int i = 0; i < 2; i++) {
                assertThat(database.isolation(session.dsl())).isEqualTo("serializable");
                assertThat(session.current().info().name()).contains("import");
                session.commit();
            }
        }
        assertThatThrownBy(() ->
                        Transactions.with(dsl).retry(RetryPolicy.attempts(2)).open())
                .hasMessageContaining("cannot hold for a session");
    }

    @Test
    void explainingAForeignDslIsRefused() {
        assertThatThrownBy(() -> CommitHooks.builder().build().explain(dsl))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("other commit hooks");
    }
}
