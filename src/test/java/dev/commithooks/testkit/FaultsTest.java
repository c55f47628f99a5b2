package dev.commithooks.testkit;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.testkit.ShopApplication.author;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.commithooks.CommitHooks;
import dev.commithooks.Transactions;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.RetryPolicy;
import dev.commithooks.spi.OutcomeResolver;
import dev.commithooks.testing.Faults;
import dev.commithooks.testing.FrozenCall;
import dev.commithooks.testing.RolledBackDatabase;
import dev.commithooks.testing.TestTransaction;
import dev.commithooks.transaction.Outcome;
import dev.commithooks.transaction.TransactionInDoubtException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults that a test orders: what hooks are told is what became of the rows. */
@Database
@NeedsRealCommits("brings an outer transaction of its own")
class FaultsTest {

    private final RolledBackDatabase rolledBack;
    private final TestTransaction test;
    private final Faults faults;
    private final HookJournal journal = new HookJournal();
    private final List<String> asked = new ArrayList<>();
    private final DSLContext dsl;

    FaultsTest(TestDatabase database) {
        rolledBack = RolledBackDatabase.over(database.realDataSource());
        test = rolledBack.begin("test");
        faults = test.faults();
        dsl = CommitHooks.builder()
                .registerAll(journal)
                .build()
                .attachTo(DSL.using(rolledBack.dataSource(), SQLDialect.POSTGRES));
    }

    @AfterEach
    void end() {
        test.close();
    }

    private int rows() {
        return DSL.using(rolledBack.dataSource(), SQLDialect.POSTGRES).fetchCount(AUTHOR);
    }

    private void store(DSLContext by) {
        by.transaction(tx -> author(tx.dsl(), "Le Guin"));
    }

    @Test
    void aFrozenCommitTellsHooksWhenItIsAnsweredAndOthersWorkMeanwhile() throws Exception {
        FrozenCall frozen = faults.freezeNextCommit();
        FutureTask<Void> storing = new FutureTask<>(() -> store(dsl), null);
        new Thread(storing).start();
        frozen.awaitReached(Duration.ofSeconds(60));

        assertThat(rows()).as("it is carried out").isEqualTo(1);
        assertThat(journal.drain()).containsExactly("before insert author[" + id() + "]");
        frozen.release();
        storing.get(60, TimeUnit.SECONDS);
        assertThat(journal.drain()).containsExactly("after insert author[" + id() + "]");
    }

    @Test
    void aFrozenCommitIsInDoubtOnceTheNetworkTimeoutHasPassed() throws Exception {
        faults.freezeNextCommit();
        try (Connection connection = rolledBack.dataSource().getConnection()) {
            connection.setNetworkTimeout(Runnable::run, 20);
            DSLContext impatient = CommitHooks.builder()
                    .registerAll(journal)
                    .build()
                    .attachTo(DSL.using(connection, SQLDialect.POSTGRES));

            assertThatThrownBy(() -> store(impatient)).isInstanceOf(TransactionInDoubtException.class);
        }
        assertThat(rows()).isEqualTo(1);
        assertThat(journal.drain())
                .containsExactly("before insert author[" + id() + "]", "in doubt insert author[" + id() + "]");
    }

    private Long id() {
        return DSL.using(rolledBack.dataSource(), SQLDialect.POSTGRES)
                .fetchSingle(AUTHOR)
                .getId();
    }

    @ParameterizedTest
    @ValueSource(strings = {"23503", "40001", "40P01", "57014", "53300", "55P03", "P0001"})
    void aRefusedCommitIsAFailedOne(String sqlState) {
        faults.failNextCommit(sqlState);

        assertThat(catchThrowableOfType(DataAccessException.class, () -> store(dsl))
                        .sqlState())
                .isEqualTo(sqlState);
        assertThat(journal.events()).containsExactly("before insert author[1]", "failed COMMIT insert author[1]");
        assertThat(rows()).isZero();
    }

    @Test
    void aRetryComesThrough() {
        faults.failNextCommit("40001");
        faults.failNextCommit("40P01");

        Transactions.with(dsl).retry(RetryPolicy.attempts(3)).run(tx -> author(tx.dsl(), "Le Guin"));

        assertThat(journal.events())
                .filteredOn(event -> !event.startsWith("before"))
                .containsExactly(
                        "failed COMMIT insert author[1]", "failed COMMIT insert author[2]", "after insert author[3]");
        assertThat(rows()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"08006", "57P01", "58030", "53100", "40003"})
    void anAnswerThatProvesNothingLeavesItInDoubt(String sqlState) {
        faults.failNextCommit(sqlState);

        assertThatThrownBy(() -> store(dsl)).isInstanceOf(TransactionInDoubtException.class);
        assertThat(journal.events()).containsExactly("before insert author[1]", "in doubt insert author[1]");
    }

    @ParameterizedTest
    @EnumSource(
            value = Outcome.class,
            names = {"COMMITTED", "ROLLED_BACK"})
    void aLostAnswerLeavesItInDoubt(Outcome outcome) {
        faults.loseTheAnswerOfTheNextCommit(outcome);

        assertThatThrownBy(() -> store(dsl)).isInstanceOf(TransactionInDoubtException.class);
        assertThat(journal.events()).containsExactly("before insert author[1]", "in doubt insert author[1]");
        assertThat(rows()).isEqualTo(outcome == Outcome.COMMITTED ? 1 : 0);
    }

    @ParameterizedTest
    @EnumSource(
            value = Outcome.class,
            names = {"COMMITTED", "ROLLED_BACK"})
    void whereTheApplicationAsksTheConnectionAnswers(Outcome outcome) {
        OutcomeResolver resolver = connection -> {
            asked.add("the server, which cannot tell of a savepoint");
            return () -> Outcome.UNKNOWN;
        };
        DSLContext asking = CommitHooks.builder()
                .registerAll(journal)
                .outcomeResolver(resolver)
                .build()
                .attachTo(DSL.using(rolledBack.dataSource(), SQLDialect.POSTGRES));
        faults.loseTheAnswerOfTheNextCommit(outcome);

        if (outcome == Outcome.COMMITTED) {
            store(asking);
        } else {
            assertThatThrownBy(() -> store(asking)).isInstanceOf(DataAccessException.class);
        }
        assertThat(journal.events())
                .containsExactly(
                        "before insert author[1]",
                        outcome == Outcome.COMMITTED ? "after insert author[1]" : "failed COMMIT insert author[1]");
        assertThat(rows()).isEqualTo(outcome == Outcome.COMMITTED ? 1 : 0);
        assertThat(asked).isEmpty();
    }

    @Test
    void aStatementFailsInTheServer() {
        faults.failStatement("INSERT INTO \"public\".\"author\"", "23505");

        assertThat(catchThrowableOfType(DataAccessException.class, () -> store(dsl))
                        .sqlState())
                .isEqualTo("23505");
        store(dsl);
        assertThat(journal.events()).containsExactly("before insert author[1]", "after insert author[1]");
        assertThat(rows()).isEqualTo(1);
    }

    /** As by pg_terminate_backend: the statement's answer is the last on the connection. */
    @Test
    void aTerminatedSessionTakesItsTransactionWithIt() {
        faults.failStatement("update", "57P01");

        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    author(tx.dsl(), "Le Guin");
                    assertThat(catchThrowableOfType(
                                            DataAccessException.class,
                                            () -> tx.dsl().execute("update author set name = 'Wolfe'"))
                                    .sqlState())
                            .isEqualTo("57P01");
                    author(tx.dsl(), "Delany");
                }))
                .hasMessageContaining("has been closed");
        assertThat(journal.events()).containsExactly("failed WORK insert author[1]");
        assertThat(rows()).isZero();
        store(dsl);
        assertThat(rows()).as("the next connection works").isEqualTo(1);
    }

    @Test
    void aConnectionIsCut() throws SQLException {
        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    author(tx.dsl(), "Le Guin");
                    faults.cutConnection();
                    author(tx.dsl(), "Wolfe");
                }))
                .isInstanceOfSatisfying(
                        DataAccessException.class, e -> assertThat(e.sqlState()).isEqualTo("08006"));
        assertThat(journal.events()).containsExactly("failed WORK insert author[1]");
        assertThat(rows()).isZero();

        try (Connection connection = rolledBack.dataSource().getConnection()) {
            faults.cutConnection();
            assertThatThrownBy(() -> connection.createStatement().execute("select 1"))
                    .hasMessageContaining("I/O error");
            assertThatThrownBy(connection::createStatement).hasMessageContaining("has been closed");
            assertThat(connection.isClosed()).isTrue();
        }
    }

    @Test
    void nonsenseIsRefused() {
        assertThatThrownBy(() -> faults.failNextCommit("00000")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> faults.failNextCommit("nope")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> faults.loseTheAnswerOfTheNextCommit(Outcome.UNKNOWN))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(rows()).isZero();
    }
}
