package dev.commithooks.testkit;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.testkit.ShopApplication.author;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.commithooks.CommitHooks;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.testing.Finding;
import dev.commithooks.testing.Finding.Kind;
import dev.commithooks.testing.FrozenCall;
import dev.commithooks.testing.LeftBehindError;
import dev.commithooks.testing.RolledBackDatabase;
import dev.commithooks.testing.TestTransaction;
import dev.commithooks.transaction.TransactionAbortedException;
import dev.commithooks.transaction.TransactionInDoubtException;
import java.sql.Connection;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jooq.DSLContext;
import org.jooq.Query;
import org.jooq.SQLDialect;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A statement that stands still until it is released, cancelled, or too late: what hooks are told is what became of the rows. */
@Database
@NeedsRealCommits("brings an outer transaction of its own")
class FrozenStatementTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final RolledBackDatabase rolledBack;
    private final TestTransaction test;
    private final HookJournal journal = new HookJournal();
    private final CommitHooks hooks = CommitHooks.builder().registerAll(journal).build();
    private final DSLContext dsl;
    private final DSLContext plain;

    FrozenStatementTest(TestDatabase database) {
        rolledBack = RolledBackDatabase.over(database.realDataSource());
        test = rolledBack.begin("test");
        plain = DSL.using(rolledBack.dataSource(), SQLDialect.POSTGRES);
        dsl = hooks.attachTo(DSL.using(rolledBack.dataSource(), SQLDialect.POSTGRES));
    }

    @AfterEach
    void end() {
        test.close();
    }

    private int rows() {
        return plain.fetchCount(AUTHOR);
    }

    private void store() {
        dsl.transaction(tx -> author(tx.dsl(), "Le Guin"));
    }

    private static FutureTask<Void> onAThread(Runnable work) {
        FutureTask<Void> task = new FutureTask<>(work, null);
        new Thread(task).start();
        return task;
    }

    @Test
    void itIsExecutedWhenItIsReleased() throws Exception {
        FrozenCall frozen = test.faults().freezeStatement("INSERT INTO");
        FutureTask<Void> storing = onAThread(this::store);
        frozen.awaitReached(PATIENCE);

        assertThat(rows()).isZero();
        assertThat(journal.events()).isEmpty();
        frozen.release();
        storing.get(60, TimeUnit.SECONDS);

        assertThat(rows()).isEqualTo(1);
        assertThat(journal.events()).containsExactly("before insert author[1]", "after insert author[1]");
    }

    /** As on the server, what was swallowed has aborted the transaction. */
    @Test
    void afterItsQueryTimeoutItHasFailed() {
        test.faults().freezeStatement("update author");

        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    author(tx.dsl(), "Le Guin");
                    Query slow =
                            tx.dsl().query("update author set name = 'Wolfe'").queryTimeout(1);
                    assertThat(catchThrowableOfType(DataAccessException.class, slow::execute)
                                    .sqlState())
                            .isEqualTo("57014");
                }))
                .isInstanceOf(TransactionAbortedException.class);
        assertThat(journal.events()).containsExactly("failed COMMIT insert author[1]");
        assertThat(rows()).isZero();
    }

    @Test
    void whoCancelsItLetsItFail() throws Exception {
        FrozenCall frozen = test.faults().freezeStatement("update author");
        Query slow = dsl.query("update author set name = 'Wolfe'");
        FutureTask<Void> updating = onAThread(() -> dsl.transaction(tx -> {
            author(tx.dsl(), "Le Guin");
            slow.attach(tx);
            slow.execute();
        }));
        frozen.awaitReached(PATIENCE);
        slow.cancel();

        assertThatThrownBy(updating::get)
                .isInstanceOf(ExecutionException.class)
                .hasRootCauseMessage("ERROR: canceling statement due to user request or timeout\n"
                        + "  Where: PL/pgSQL function inline_code_block line 1 at RAISE");
        assertThat(journal.events()).containsExactly("failed WORK insert author[1]");
        assertThat(rows()).isZero();
    }

    @Test
    void afterTheNetworkTimeoutItsConnectionIsLostAndItsTransactionWithIt() throws Exception {
        try (Connection connection = rolledBack.dataSource().getConnection()) {
            connection.setNetworkTimeout(Runnable::run, 20);
            DSLContext impatient = hooks.attachTo(DSL.using(connection, SQLDialect.POSTGRES));
            test.faults().freezeStatement("update author");

            assertThatThrownBy(() -> impatient.transaction(tx -> {
                        author(tx.dsl(), "Le Guin");
                        tx.dsl().execute("update author set name = 'Wolfe'");
                    }))
                    .isInstanceOfSatisfying(
                            DataAccessException.class,
                            e -> assertThat(e.sqlState()).isEqualTo("08006"));
            assertThat(connection.isClosed()).isTrue();
        }
        assertThat(journal.events()).containsExactly("failed WORK insert author[1]");
        assertThat(rows()).isZero();
        store();
        assertThat(rows()).as("the next connection works").isEqualTo(1);
    }

    /** By the timeout of a test, say: the flag stays set. */
    @Test
    void aThreadThatIsInterruptedLosesItsConnection() throws Exception {
        FrozenCall frozen = test.faults().freezeStatement("insert into");
        AtomicBoolean flag = new AtomicBoolean();
        FutureTask<Void> storing = new FutureTask<>(
                () -> {
                    try {
                        store();
                    } finally {
                        flag.set(Thread.currentThread().isInterrupted());
                    }
                },
                null);
        Thread thread = new Thread(storing);
        thread.start();
        frozen.awaitReached(PATIENCE);
        thread.interrupt();

        assertThatThrownBy(storing::get).hasRootCauseInstanceOf(java.io.EOFException.class);
        assertThat(flag).isTrue();
        assertThat(journal.events()).isEmpty();
        assertThat(rows()).isZero();
    }

    @Test
    void whatStandsStillAtTheEndOfATestIsLetGoAndFailsIt() throws Exception {
        rows();
        TestTransaction nested = test.nest("nested");
        FrozenCall statement = nested.faults().freezeStatement("update author");
        FrozenCall commit = nested.faults().freezeNextCommit();
        FutureTask<Void> committing = onAThread(this::store);
        commit.awaitReached(PATIENCE);
        FutureTask<Void> updating = onAThread(() -> dsl.execute("update author set name = 'Wolfe'"));
        statement.awaitReached(PATIENCE);

        assertThatThrownBy(nested::close)
                .isInstanceOfSatisfying(
                        LeftBehindError.class,
                        e -> assertThat(e.findings())
                                .extracting(Finding::kind)
                                .containsExactly(Kind.RUNNING_STATEMENT, Kind.RUNNING_STATEMENT))
                .hasMessageContaining("freezeStatement(update author) was still standing still")
                .hasMessageContaining("freezeNextCommit() was still standing still");
        assertThatThrownBy(committing::get).hasCauseInstanceOf(TransactionInDoubtException.class);
        assertThatThrownBy(updating::get).hasRootCauseInstanceOf(java.io.EOFException.class);
        assertThat(journal.events()).containsExactly("before insert author[1]", "in doubt insert author[1]");
        assertThat(rows()).isZero();
    }

    @Test
    void oneThatNeverComesIsAnUnusedFault() {
        rows();
        TestTransaction nested = test.nest("nested");
        nested.faults().freezeStatement("merge into");
        rows();

        assertThatThrownBy(nested::close).hasMessageContaining("freezeStatement(merge into) was ordered");
    }
}
