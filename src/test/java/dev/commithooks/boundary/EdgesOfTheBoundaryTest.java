package dev.commithooks.boundary;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.zaxxer.hikari.HikariDataSource;
import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.hook.CurrentTransaction;
import dev.commithooks.policy.AfterCommitErrors;
import dev.commithooks.policy.OutsideTransaction;
import dev.commithooks.policy.TransactionDefaults;
import dev.commithooks.spi.CommitContext;
import dev.commithooks.spi.HookObserver;
import dev.commithooks.transaction.AfterCommitException;
import dev.commithooks.transaction.Failure;
import dev.commithooks.transaction.IsolationLevel;
import dev.commithooks.transaction.Outcome;
import dev.commithooks.transaction.TransactionInDoubtException;
import dev.commithooks.transaction.TransactionInfo;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.jooq.Configuration;
import org.jooq.ConnectionProvider;
import org.jooq.DSLContext;
import org.jooq.ExecuteContext;
import org.jooq.ExecuteListener;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong where one thing ends and another begins. */
@Database
@NeedsRealCommits("connections and outcomes of its own")
class EdgesOfTheBoundaryTest {

    private final TestDatabase database;
    private final HookJournal journal = new HookJournal();

    EdgesOfTheBoundaryTest(TestDatabase database) {
        this.database = database;
    }

    private static AuthorRecord author(DSLContext dsl, String name) {
        AuthorRecord author = dsl.newRecord(AUTHOR);
        author.setName(name);
        author.store();
        return author;
    }

    private static AccountRecord account(DSLContext dsl, String owner, String balance) {
        AccountRecord account = dsl.newRecord(ACCOUNT);
        account.setOwner(owner);
        account.setBalance(new BigDecimal(balance));
        return account;
    }

    private List<String> names() {
        return database.dsl()
                .select(AUTHOR.NAME)
                .from(AUTHOR)
                .orderBy(AUTHOR.NAME)
                .fetch(AUTHOR.NAME);
    }

    // ---------------------------------------------------------------- outside transactions

    @Test
    @Needs(Ability.CAPTURED_STATEMENTS)
    void anErrorOfABeforeHookOutsideATransactionDoesNotSilenceFailedHooks() {
        HookJournal throwing = new HookJournal() {
            @Override
            protected void before(
                    dev.commithooks.change.Change<org.jooq.Record> change, dev.commithooks.hook.HookContext ctx) {
                throw new AssertionError("veto");
            }
        };
        DSLContext dsl = CommitHooks.builder().registerAll(throwing).build().attachTo(database.dsl());

        assertThatThrownBy(() -> author(dsl, "Ada")).hasStackTraceContaining("veto");

        assertThat(throwing.events()).hasSize(1).first().asString().startsWith("failed BEFORE_HOOK insert author");
        assertThat(names()).isEmpty();
    }

    @Test
    void anAfterHookThatThrowsOutsideATransactionDoesNotHideTheRowsThatWereNotWritten() {
        List<AfterCommitException> handled = Collections.synchronizedList(new ArrayList<>());
        DSLContext dsl = CommitHooks.builder()
                .on(
                        ACCOUNT,
                        on -> on.afterCommitInsert((account, ctx) -> {
                            throw new IllegalStateException("after hook");
                        }))
                .registerAll(journal)
                .afterCommitErrors(failure -> {
                    handled.add(failure);
                    throw failure;
                })
                .build()
                .attachTo(database.dsl(database.pool(2)));
        // Two JDBC batches of their own: the first is committed, the second is refused by a constraint.
        dsl.configuration().settings().setBatchSize(1);

        Throwable failure = catchThrowable(() -> dsl.batchInsert(account(dsl, "ann", "1"), account(dsl, "bob", "-1"))
                .execute());

        assertThat(failure).isInstanceOf(DataAccessException.class);
        assertThat(database.dsl().fetchCount(ACCOUNT)).isEqualTo(1);
        assertThat(journal.events())
                .filteredOn(event -> event.startsWith("after"))
                .hasSize(1);
        assertThat(journal.events())
                .filteredOn(event -> event.startsWith("failed"))
                .hasSize(1);
        assertThat(handled).hasSize(1);
    }

    /** With before hooks the COMMIT gets no answer, without any the statement. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Needs(Ability.CAPTURED_STATEMENTS)
    void whatAnInDoubtHookThrowsOutsideATransactionGoesWhereErrorsGo(boolean hasBeforeHook) throws SQLException {
        List<String> handled = new ArrayList<>();
        try (Connection connection = database.simpleDataSource().getConnection()) {
            Runnable kill = () -> database.endSession(database.session(database.dsl(connection)));
            CommitHooks hooks = CommitHooks.builder()
                    .on(AUTHOR, on -> {
                        on.inDoubt((author, ctx) -> {
                            throw new IllegalStateException("in doubt hook");
                        });
                        if (hasBeforeHook) {
                            on.beforeCommitInsert((author, ctx) -> kill.run());
                        }
                    })
                    .afterCommitErrors(thrown -> handled.add(
                            thrown.outcome() + " " + thrown.getCause().getMessage()))
                    .build();
            DSLContext dsl = hooks.attachTo(database.dsl(connection));
            Configuration configuration = dsl.configuration().deriveAppending(new ExecuteListener() {
                @Override
                public void executeStart(ExecuteContext ctx) {
                    if (!hasBeforeHook) {
                        kill.run();
                    }
                }
            });

            Throwable failure = catchThrowable(() -> author(configuration.dsl(), "Ada"));

            assertThat(failure)
                    .isInstanceOf(hasBeforeHook ? TransactionInDoubtException.class : DataAccessException.class);
        }
        assertThat(handled).containsExactly("UNKNOWN in doubt hook");
        assertThat(names()).isEmpty();
    }

    @Test
    void anExhaustedPoolIsWaitedForOnceOutsideTransactionsAsInPlainJooq() throws SQLException {
        HikariDataSource pool = database.pool(1, config -> {
            config.setConnectionTimeout(250);
            return config;
        });
        List<String> acquired = new ArrayList<>();
        ConnectionProvider counting = new ConnectionProvider() {
            @Override
            public @Nullable Connection acquire() {
                acquired.add("acquire");
                try {
                    return pool.getConnection();
                } catch (SQLException e) {
                    throw new DataAccessException("none", e);
                }
            }

            @Override
            public void release(Connection connection) {
                try {
                    connection.close();
                } catch (SQLException e) {
                    throw new DataAccessException("none", e);
                }
            }
        };
        DSLContext dsl = CommitHooks.builder()
                .registerAll(journal)
                .build()
                .attachTo(database.configuration().set(counting).dsl());
        try (Connection held = pool.getConnection()) {
            assertThatThrownBy(() -> dsl.selectOne().fetch()).isInstanceOf(DataAccessException.class);
            assertThat(acquired).hasSize(1);
            assertThatThrownBy(() -> author(dsl, "Ada")).isInstanceOf(DataAccessException.class);
            assertThat(acquired).hasSize(2);
            assertThat(held.isValid(1)).isTrue();
        }
    }

    @Test
    @Needs(Ability.CAPTURED_STATEMENTS)
    void observersSeeAStatementOutsideATransactionAsATransaction() {
        List<String> seen = new ArrayList<>();
        DSLContext dsl = CommitHooks.builder()
                .registerAll(journal)
                .observer(new HookObserver() {
                    @Override
                    public void transactionBegun(TransactionInfo transaction) {
                        seen.add("begun");
                    }

                    @Override
                    public void outcome(
                            TransactionInfo transaction,
                            Outcome outcome,
                            @Nullable Failure failure,
                            int changes,
                            Duration duration) {
                        seen.add(outcome + " " + changes);
                    }
                })
                .build()
                .attachTo(database.dsl());
        author(dsl, "Ada");
        assertThat(seen).containsExactly("begun", "COMMITTED 1");
    }

    // ---------------------------------------------------------------- nothing registered

    @Test
    void whereNoHookIsRegisteredNoListenerOfRecordsOrStatementsIsInstalledInATransactionEither() {
        DSLContext dsl = CommitHooks.builder().build().attachTo(database.dsl());
        List<String> told = new ArrayList<>();
        dsl.transaction(tx -> {
            assertThat(tx.recordListenerProviders()).isEmpty();
            assertThat(tx.executeListenerProviders())
                    .hasSameSizeAs(database.dsl().configuration().executeListenerProviders());
            CommitHooks.current(tx).onCommit(() -> told.add("committed"));
        });
        assertThat(told).containsExactly("committed");
    }

    // ---------------------------------------------------------------- callbacks at the end

    @Test
    void aCallbackThatAnotherThreadRegistersAtTheEndRunsOrIsRefused() {
        DSLContext dsl = CommitHooks.builder().build().attachTo(database.dsl());
        for (int round = 0; round < 300; round++) {
            ConcurrentLinkedQueue<String> run = new ConcurrentLinkedQueue<>();
            List<CompletableFuture<Boolean>> other = new ArrayList<>();
            CountDownLatch ending = new CountDownLatch(1);
            dsl.transaction(tx -> {
                CurrentTransaction current = CommitHooks.current(tx);
                other.add(CompletableFuture.supplyAsync(() -> {
                    try {
                        ending.await();
                        current.onCommit(() -> run.add("late"));
                        return true;
                    } catch (IllegalStateException refused) {
                        return false;
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                }));
                current.onCommit(ending::countDown);
            });
            boolean wasAccepted = other.get(0).join();
            assertThat(run).as("round %d", round).hasSize(wasAccepted ? 1 : 0);
        }
    }

    // ---------------------------------------------------------------- before hooks and savepoints

    @Test
    void aChangeThatABeforeHookRolledBackGetsNoBeforeHookAfterItsFailedHook() {
        DSLContext dsl = CommitHooks.builder()
                .on(
                        AUTHOR,
                        on -> on.beforeCommitInsert((author, ctx) -> {
                            if (author.row().getName().equals("first")) {
                                ctx.dsl().execute("rollback to savepoint s");
                            }
                        }))
                .registerAll(journal)
                .build()
                .attachTo(database.dsl());

        dsl.transaction(tx -> {
            author(tx.dsl(), "first");
            tx.dsl().execute("savepoint s");
            author(tx.dsl(), "second");
        });

        assertThat(names()).containsExactly("first");
        assertThat(journal.events())
                .containsExactly(
                        "failed SAVEPOINT insert author[2]", "before insert author[1]", "after insert author[1]");
    }

    // ---------------------------------------------------------------- participants

    @Test
    void aParticipantWritesWithTheFinalChangesAndKnowsTheOutcome() {
        List<String> seen = new ArrayList<>();
        DSLContext dsl = CommitHooks.builder()
                .registerAll(journal)
                .participant(commit -> {
                    seen.add("about to commit " + commit.changes().size());
                    write(commit, "of the participant");
                    return outcome -> seen.add(String.valueOf(outcome));
                })
                .build()
                .attachTo(database.dsl());

        dsl.transaction(tx -> author(tx.dsl(), "Ada"));
        dsl.transaction(tx -> CommitHooks.current(tx).setRollbackOnly());

        assertThat(seen).containsExactly("about to commit 1", "COMMITTED");
        assertThat(names()).containsExactly("Ada", "of the participant");
        assertThat(journal.events()).containsExactly("before insert author[1]", "after insert author[1]");
    }

    private static void write(CommitContext commit, String name) {
        commit.dsl().insertInto(AUTHOR, AUTHOR.NAME).values(name).execute();
    }

    @Test
    void aParticipantThatThrowsRollsBack() {
        DSLContext dsl = CommitHooks.builder()
                .registerAll(journal)
                .participant(commit -> {
                    throw new IllegalStateException("no room");
                })
                .build()
                .attachTo(database.dsl());

        assertThatThrownBy(() -> dsl.transaction(tx -> author(tx.dsl(), "Ada"))).hasMessage("no room");

        assertThat(names()).isEmpty();
        assertThat(journal.events()).containsExactly("before insert author[1]", "failed BEFORE_HOOK insert author[1]");
    }

    // ---------------------------------------------------------------- defaults

    @Test
    @Needs(Ability.POSTGRESQL)
    void defaultsHoldForEveryTransactionThatIsBegunHere() {
        CommitHooks hooks = CommitHooks.builder()
                .registerAll(journal)
                .transactionDefaults(TransactionDefaults.none().isolation(IsolationLevel.SERIALIZABLE))
                .afterCommitErrors(AfterCommitErrors.LOG)
                .outsideTransaction(OutsideTransaction.RUN_NOW)
                .build();
        DSLContext dsl = hooks.attachTo(database.dsl());

        dsl.transaction(tx -> assertThat(isolation(tx)).isEqualTo("serializable"));
        try (var session = hooks.open(dsl)) {
            assertThat(isolation(session.dsl().configuration())).isEqualTo("serializable");
        }
    }

    private static Object isolation(Configuration tx) {
        return tx.dsl().fetchValue("show transaction_isolation");
    }
}
