package dev.commithooks.transactions;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.bookshop.shop.Tables.REVIEW;
import static dev.commithooks.transaction.IsolationLevel.SERIALIZABLE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.CommitHooks;
import dev.commithooks.TransactionSession;
import dev.commithooks.Transactions;
import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.bookshop.shop.tables.records.ReviewRecord;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.transaction.StatementRefusedException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jooq.DSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Transactions are opted into over a connection that commits each statement, and the mode found is the mode left. */
@Database
class AutocommitTest {

    private final HookJournal journal = new HookJournal();
    private final CommitHooks hooks = CommitHooks.builder().registerAll(journal).build();
    private final TestDatabase database;

    AutocommitTest(TestDatabase database) {
        this.database = database;
    }

    private static void author(DSLContext where, String name) {
        AuthorRecord author = where.newRecord(AUTHOR);
        author.setName(name);
        author.store();
    }

    private static boolean autocommit(DSLContext where) {
        return where.connectionResult(Connection::getAutoCommit);
    }

    private List<String> committedNames() {
        return database.journal().stream()
                .map(row -> String.valueOf(row.value("name")))
                .toList();
    }

    @Test
    @NeedsRealCommits("looks at the server's transaction ids")
    void outsideTransactionsEachStatementCommitsByItself() {
        DSLContext dsl = hooks.attachTo(database.dsl(database.pool(1)));

        author(dsl, "a");
        assertThat(committedNames()).containsExactly("a");
        author(dsl, "b");

        if (database.product().can(Ability.TRANSACTION_IDS)) {
            assertThat(database.journal()).extracting(row -> row.txid()).doesNotHaveDuplicates();
        }
        assertThat(committedNames()).containsExactly("a", "b");
        assertThat(journal.events())
                .containsExactly(
                        "before insert author[1]",
                        "after insert author[1]",
                        "before insert author[2]",
                        "after insert author[2]");
    }

    @Test
    @NeedsRealCommits("a second connection must not see uncommitted rows")
    void beginSwitchesItOffNestedOnesLeaveItAloneAndTheEndRestoresIt() {
        DSLContext dsl = hooks.attachTo(database.dsl(database.pool(1)));

        assertThat(autocommit(dsl)).isTrue();
        dsl.transaction(tx -> {
            assertThat(autocommit(tx.dsl())).isFalse();
            author(tx.dsl(), "a");
            tx.dsl().transaction(nested -> {
                assertThat(autocommit(nested.dsl())).isFalse();
                author(nested.dsl(), "b");
            });
            assertThat(autocommit(tx.dsl())).isFalse();
            assertThat(committedNames()).isEmpty();
        });
        assertThat(autocommit(dsl)).isTrue();

        assertThat(committedNames()).containsExactly("a", "b");
    }

    /** How a transaction may come to its end. */
    enum End {
        COMMIT,
        WORK_THROWS,
        ROLLBACK_ONLY,
        REFUSED_AT_COMMIT,
        ABORTED,
        VETOED,
        OPTIONS,
        SESSION_COMMIT,
        SESSION_ROLLBACK,
        SESSION_CLOSE
    }

    @ParameterizedTest
    @EnumSource
    void theModeFoundIsTheModeLeftHoweverTheTransactionEnds(End end) throws SQLException {
        for (boolean mode : new boolean[] {true, false}) {
            try (Connection connection = database.simpleDataSource().getConnection()) {
                connection.setAutoCommit(mode);
                int isolation = connection.getTransactionIsolation();
                CommitHooks vetoing = CommitHooks.builder()
                        .on(
                                AUTHOR,
                                on -> on.beforeCommitInsert((author, ctx) -> {
                                    if (end == End.VETOED) {
                                        throw new IllegalStateException("veto");
                                    }
                                }))
                        .build();
                DSLContext dsl = vetoing.attachTo(database.dsl(connection));

                catchThrowable(() -> run(end, vetoing, dsl));

                assertThat(connection.getAutoCommit())
                        .as("autocommit after " + end)
                        .isEqualTo(mode);
                assertThat(connection.getTransactionIsolation()).isEqualTo(isolation);
                assertThat(connection.isReadOnly()).isFalse();
                if (!mode) {
                    connection.rollback();
                }
            }
        }

        boolean commits = end == End.COMMIT
                || end == End.SESSION_COMMIT
                || end == End.ABORTED && !database.product().can(Ability.ABORTED_TRANSACTIONS);
        assertThat(committedNames()).containsExactlyElementsOf(commits ? List.of("a", "a") : List.of());
    }

    private static void run(End end, CommitHooks hooks, DSLContext dsl) {
        switch (end) {
            case COMMIT, VETOED -> dsl.transaction(tx -> author(tx.dsl(), "a"));
            case WORK_THROWS ->
                dsl.transaction(tx -> {
                    author(tx.dsl(), "a");
                    throw new IllegalArgumentException("no");
                });
            case ROLLBACK_ONLY ->
                dsl.transaction(tx -> {
                    author(tx.dsl(), "a");
                    CommitHooks.current(tx).setRollbackOnly();
                });
            case REFUSED_AT_COMMIT ->
                dsl.transaction(tx -> {
                    author(tx.dsl(), "a");
                    ReviewRecord review = tx.dsl().newRecord(REVIEW);
                    review.setBookId(4711L);
                    review.setRating((short) 1);
                    review.store();
                });
            case ABORTED ->
                dsl.transaction(tx -> {
                    author(tx.dsl(), "a");
                    catchThrowable(() -> tx.dsl().execute("select nothing from nowhere"));
                });
            case OPTIONS ->
                Transactions.with(dsl).isolation(SERIALIZABLE).readOnly().run(tx -> author(tx.dsl(), "a"));
            case SESSION_COMMIT, SESSION_ROLLBACK, SESSION_CLOSE -> {
                try (TransactionSession session = hooks.open(dsl)) {
                    author(session.dsl(), "a");
                    if (end == End.SESSION_COMMIT) {
                        session.commit();
                    } else if (end == End.SESSION_ROLLBACK) {
                        session.rollback();
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void poolsMayHandOutEitherMode(boolean mode) {
        DSLContext dsl = hooks.attachTo(database.dsl(database.pool(1, config -> {
            config.setAutoCommit(mode);
            return config;
        })));

        for (int i = 0; i < 2; i++) {
            dsl.transaction(tx -> author(tx.dsl(), "a"));
            catchThrowable(() -> dsl.transaction(tx -> {
                author(tx.dsl(), "lost");
                throw new IllegalArgumentException("no");
            }));
            try (TransactionSession session = hooks.open(dsl)) {
                author(session.dsl(), "b");
                session.commit();
                author(session.dsl(), "lost");
            }
            assertThat(autocommit(dsl)).isEqualTo(mode);
        }

        assertThat(committedNames()).containsExactly("a", "b", "a", "b");
        assertThat(journal.events())
                .filteredOn(event -> event.startsWith("after"))
                .hasSize(4);
        assertThat(journal.events())
                .filteredOn(event -> event.startsWith("failed"))
                .hasSize(4);
    }

    @Test
    void whereNobodyCouldTellWhenItCommitsAWriteOutsideTransactionsIsRefused() {
        DSLContext dsl = hooks.attachTo(database.dsl(database.pool(1, config -> {
            config.setAutoCommit(false);
            return config;
        })));

        assertThatThrownBy(() -> author(dsl, "no"))
                .isInstanceOf(StatementRefusedException.class)
                .hasMessageContainingAll("autocommit", "dsl.transaction");

        assertThat(journal.events()).isEmpty();
        assertThat(database.journal()).isEmpty();
    }
}
