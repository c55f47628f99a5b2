package dev.commithooks.boundary;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.zaxxer.hikari.HikariDataSource;
import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.spi.HookObserver;
import dev.commithooks.transaction.AfterCommitException;
import dev.commithooks.transaction.Failure;
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

/** Statements outside of transactions, which are a boundary of their own. */
@NeedsRealCommits("connections and outcomes of its own")
@Database
class OutsideTransactionsTest extends EdgesFixture {

    OutsideTransactionsTest(TestDatabase database) {
        super(database);
    }

    private static AccountRecord account(DSLContext dsl, String owner, String balance) {
        AccountRecord account = dsl.newRecord(ACCOUNT);
        account.setOwner(owner);
        account.setBalance(new BigDecimal(balance));
        return account;
    }

    @Test
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
    @Needs(Ability.NETWORK)
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
}
