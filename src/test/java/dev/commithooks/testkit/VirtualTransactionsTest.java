package dev.commithooks.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.testing.Finding;
import dev.commithooks.testing.Finding.Kind;
import dev.commithooks.testing.LeftBehindError;
import dev.commithooks.testing.RolledBackDatabase;
import dev.commithooks.testing.RolledBackOptions;
import dev.commithooks.testing.TestTransaction;
import dev.commithooks.testing.Verdict;
import dev.commithooks.transaction.IsolationLevel;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;
import org.postgresql.ds.PGSimpleDataSource;

/** Transactions of plain JDBC in a rolled-back test, compared with what the server does with real ones. */
@Database
@NeedsRealCommits("brings an outer transaction of its own")
class VirtualTransactionsTest {

    private final TestDatabase database;
    private RolledBackDatabase rolledBack;
    private TestTransaction test;
    private Connection connection;

    VirtualTransactionsTest(TestDatabase database) throws SQLException {
        this.database = database;
        begin(RolledBackOptions.defaults());
    }

    private void begin(RolledBackOptions options) throws SQLException {
        rolledBack = RolledBackDatabase.over(database.realDataSource(), options);
        test = rolledBack.begin("test");
        connection = rolledBack.dataSource().getConnection();
    }

    private static int execute(Connection on, String sql) throws SQLException {
        try (Statement statement = on.createStatement()) {
            statement.execute(sql);
            return statement.getUpdateCount();
        }
    }

    private static String value(Connection on, String sql) throws SQLException {
        try (Statement statement = on.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private String names() throws SQLException {
        return value(connection, "select coalesce(string_agg(name, ' ' order by id), '') from author");
    }

    private void insert(String name) throws SQLException {
        execute(connection, "insert into author (name) values ('" + name + "')");
    }

    private static void assertState(String sqlState, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        SQLException.class,
                        e -> assertThat(e.getSQLState()).as(e.getMessage()).isEqualTo(sqlState));
    }

    private List<Kind> findings() {
        try {
            test.close();
        } catch (LeftBehindError e) {
            assertThat(e.findings()).isNotEmpty();
        }
        return test.findings().stream().map(Finding::kind).toList();
    }

    @AfterEach
    void nothingStays() {
        findings();
        assertThat(database.dsl().fetchValue("select count(*) from author")).isEqualTo(0L);
    }

    @Test
    void aFailedStatementInAutocommitModeUndoesNothingElse() throws SQLException {
        insert("one");
        assertState("23502", () -> execute(connection, "insert into author (name) values (null)"));
        insert("two");

        assertThat(names()).isEqualTo("one two");
        assertThat(findings()).isEmpty();
    }

    @Test
    void rollbackUndoesTheTransactionAndNothingElse() throws SQLException {
        insert("kept");
        connection.setAutoCommit(false);
        insert("gone");
        connection.rollback();
        insert("committed");
        connection.commit();
        insert("gone too");
        connection.rollback();

        assertThat(names()).isEqualTo("kept committed");
        connection.commit();
    }

    @Test
    void anAbortedTransactionIsAbortedAndItsCommitRollsBack() throws SQLException {
        connection.setAutoCommit(false);
        insert("gone");
        assertState("22012", () -> execute(connection, "select 1 / 0"));
        assertState("25P02", () -> execute(connection, "select 1"));
        connection.commit();

        assertThat(names()).isEmpty();
        connection.commit();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "commit",
                "  COMMIT ;",
                "/* a */ -- b\n end work",
                "commit and no chain",
                "insert into author (name) values ('b'); commit",
            })
    void commitStatementsAreVirtualHoweverTheyAreWritten(String commit) throws SQLException {
        execute(connection, "begin");
        insert("a");
        assertThat(execute(connection, commit)).isEqualTo(commit.startsWith("insert") ? 1 : 0);
        assertThat(connection.getAutoCommit()).isTrue();
        execute(connection, "rollback");

        assertThat(names()).startsWith("a");
        assertThat(findings()).isEmpty();
    }

    @Test
    void controlStatementsThroughAllDoors() throws SQLException {
        try (PreparedStatement begin = connection.prepareStatement("begin");
                PreparedStatement rollback = connection.prepareStatement("rollback")) {
            assertThat(begin.execute()).isFalse();
            assertThat(begin.getUpdateCount()).isZero();
            assertThat(begin.getMoreResults()).isFalse();
            assertThat(begin.getUpdateCount()).isEqualTo(-1);
            insert("gone");
            assertThat(rollback.executeUpdate()).isZero();
        }
        try (Statement batch = connection.createStatement()) {
            batch.addBatch("begin");
            batch.addBatch("insert into author (name) values ('kept')");
            batch.addBatch("commit; begin; insert into author (name) values ('gone')");
            batch.addBatch("rollback");
            assertThat(batch.executeBatch()).startsWith(0, 1);
        }
        execute(connection, "begin; insert into author (name) values ('chained'); commit and chain");
        insert("gone");
        execute(connection, "rollback");

        assertThat(names()).isEqualTo("kept chained");
        assertThat(findings()).isEmpty();
    }

    @Test
    void aPreparedTransactionIsRefused() throws SQLException {
        connection.setAutoCommit(false);
        insert("gone");
        assertState("0A000", () -> execute(connection, "prepare transaction 'x'"));
        connection.rollback();
    }

    @Test
    void whoeverReallyEndsTheOuterTransactionIsFoundOut() throws SQLException {
        insert("left");
        Connection driver = (Connection) connection.unwrap(PGConnection.class);
        try (Statement statement = driver.createStatement()) {
            statement.execute("rollback");
        }

        assertThatThrownBy(() -> execute(connection, "commit prepared 'nothing'"))
                .isInstanceOf(SQLException.class);
        assertThat(findings()).contains(Kind.REAL_COMMIT);
    }

    @Test
    void savepointsOfTheApplicationWork() throws SQLException {
        connection.setAutoCommit(false);
        insert("a");
        Savepoint jdbc = connection.setSavepoint();
        insert("gone");
        connection.rollback(jdbc);
        execute(connection, "savepoint s");
        insert("gone");
        execute(connection, "rollback to s");
        Savepoint named = connection.setSavepoint("Named");
        insert("b");
        connection.releaseSavepoint(named);
        assertState("3B001", () -> execute(connection, "release never_set"));
        execute(connection, "rollback to s");
        insert("c");
        connection.commit();

        assertThat(names()).isEqualTo("a c");
        connection.commit();
    }

    @Test
    void aSavepointOfATransactionThatHasEndedHarmsNobody() throws SQLException {
        connection.setAutoCommit(false);
        insert("a");
        Savepoint old = connection.setSavepoint();
        connection.commit();

        assertState("25P01", () -> connection.rollback(old));
        insert("b");
        assertState("25P01", () -> connection.rollback(old));
        connection.commit();
        assertThat(names()).isEqualTo("a b");
        connection.commit();
        connection.setAutoCommit(true);
        assertState("25P01", () -> execute(connection, "savepoint s"));
        assertThat(findings()).isEmpty();
    }

    @Test
    void aSavepointAroundTheTransactionIsNotItsOwn() throws SQLException {
        connection.setAutoCommit(false);
        insert("a");
        execute(connection, "savepoint s");
        try (Connection inner = rolledBack.dataSource().getConnection()) {
            inner.setAutoCommit(false);
            execute(inner, "insert into author (name) values ('b')");
            assertState("3B001", () -> execute(inner, "rollback to s"));
            assertState("25P02", () -> execute(inner, "select 1"));
            inner.rollback();
        }
        connection.commit();
        assertThat(names()).isEqualTo("a");
        connection.commit();
    }

    @Test
    void readOnlyIsReadOnlyAndEndsWithTheTransaction() throws SQLException {
        connection.setReadOnly(true);
        assertState("25006", () -> insert("no"));
        connection.setReadOnly(false);
        connection.setAutoCommit(false);
        execute(connection, "set transaction read only");
        assertState("25006", () -> insert("no"));
        connection.rollback();
        insert("yes");
        connection.commit();

        assertThat(names()).isEqualTo("yes");
        connection.commit();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "set local shop.tenant = 'b'",
                "SET /* */ LOCAL shop.tenant TO 'b'",
                "select set_config('shop.tenant', 'b', true)",
                "select set_config('shop.tenant', concat('(', 'b'), true), set_config('work_mem', '1MB', false)",
            })
    void localSettingsEndWithTheTransaction(String set) throws SQLException {
        execute(connection, "set shop.tenant = 'a'");
        connection.setAutoCommit(false);
        execute(connection, set);
        assertThat(value(connection, "show shop.tenant")).endsWith("b");
        connection.commit();

        assertThat(value(connection, "show shop.tenant")).isEqualTo("a");
        connection.commit();
    }

    @Test
    void localSettingsWithParametersEndToo() throws SQLException {
        connection.setAutoCommit(false);
        try (PreparedStatement set = connection.prepareStatement("select set_config(?, ?, ?)")) {
            set.setString(1, "shop.tenant");
            set.setString(2, "b");
            set.setBoolean(3, true);
            set.execute();
        }
        execute(connection, "set local role pg_monitor");
        assertThat(value(connection, "select current_setting('shop.tenant') || current_user"))
                .isEqualTo("bpg_monitor");
        connection.commit();

        assertThat(value(connection, "select current_setting('shop.tenant') || (current_user = session_user)"))
                .isEqualTo("true");
        connection.commit();
    }

    @Test
    void anotherIsolationLevelIsRefusedUnlessChosen() throws SQLException {
        connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
        assertThatThrownBy(() -> insert("no"))
                .hasMessageContaining("asks for serializable, and the outer one is read committed");
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_UNCOMMITTED);
        insert("yes");
        assertThat(findings()).isEmpty();

        begin(RolledBackOptions.defaults().isolation(IsolationLevel.SERIALIZABLE));
        connection.setAutoCommit(false);
        execute(connection, "set transaction isolation level serializable, read only, deferrable");
        assertThat(value(connection, "show transaction_isolation")).isEqualTo("serializable");
        assertState("25006", () -> insert("no"));
        connection.rollback();
        assertThat(findings()).isEmpty();

        begin(RolledBackOptions.defaults().on(Kind.OTHER_ISOLATION, Verdict.REPORT));
        execute(connection, "begin isolation level repeatable read");
        insert("accepted");
        execute(connection, "commit");
        assertThat(findings()).containsExactly(Kind.OTHER_ISOLATION);
    }

    @Test
    void aCommitThatIsUndoneFailsTheTest() throws SQLException {
        connection.setAutoCommit(false);
        insert("outer");
        try (Connection inner = rolledBack.dataSource().getConnection()) {
            execute(inner, "insert into author (name) values ('really it would have stayed')");
        }
        connection.rollback();

        assertThat(names()).isEmpty();
        connection.rollback();
        assertThat(findings()).containsExactly(Kind.UNCOMMITTED_ROWS, Kind.UNDONE_COMMIT);
    }

    @Test
    void aCommitWithinATransactionThatIsCommittedStays() throws SQLException {
        connection.setAutoCommit(false);
        insert("outer");
        try (Connection inner = rolledBack.dataSource().getConnection()) {
            inner.setAutoCommit(false);
            execute(inner, "insert into author (name) values ('inner')");
            assertThatThrownBy(connection::commit)
                    .hasMessageContaining("cannot be committed before the transaction of");
            assertThatThrownBy(() -> insert("no")).hasMessageContaining("cannot go on before");
            inner.commit();
        }
        connection.commit();

        assertThat(names()).isEqualTo("outer inner");
        connection.commit();
        assertThat(findings()).containsExactly(Kind.UNCOMMITTED_ROWS);
    }

    @Test
    void anAdvisoryLockOfTheSessionIsFoundAndReleased() throws SQLException {
        execute(connection, "select pg_advisory_lock(42)");

        assertThat(findings()).containsExactly(Kind.ADVISORY_LOCK);
        assertThat(database.dsl().fetchValue("select count(*) from pg_locks where locktype = 'advisory'"))
                .isEqualTo(0L);
    }

    @Test
    void aCursorIsClosedWithItsTransaction() throws SQLException {
        connection.setAutoCommit(false);
        Statement statement = connection.createStatement();
        statement.setFetchSize(1);
        ResultSet rows = statement.executeQuery("select generate_series(1, 10)");
        assertThat(rows.next()).isTrue();
        assertThat(rows.getStatement()).isSameAs(statement);
        connection.commit();

        assertThat(rows.isClosed()).isTrue();
        assertThat(findings()).containsExactly(Kind.OPEN_CURSOR);
    }

    @Test
    void nothingHandsOutTheRealConnection() throws SQLException {
        try (Statement statement = connection.createStatement()) {
            assertThat(statement.getConnection()).isSameAs(connection);
            assertThat(connection.getMetaData().getConnection()).isSameAs(connection);
        }
        insert("a");
    }

    @Test
    void autosaveAlwaysIsRefused() throws Exception {
        PGSimpleDataSource autosave = new PGSimpleDataSource();
        autosave.setURL(database.jdbcUrl() + (database.jdbcUrl().contains("?") ? "&" : "?") + "autosave=always");
        autosave.setUser(database.user());
        autosave.setPassword(database.password());
        RolledBackDatabase over =
                RolledBackDatabase.over(autosave, RolledBackOptions.defaults().on(Kind.UNUSED, Verdict.IGNORE));
        over.run(
                "autosave",
                running -> assertThatThrownBy(() -> execute(over.dataSource().getConnection(), "select 1"))
                        .hasMessageContaining("autosave=always"));
        insert("a");
    }

    @Test
    void aPoolAboveWorksAcrossTests() throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setDataSource(rolledBack.dataSource());
        config.setMaximumPoolSize(2);
        try (HikariDataSource pool = new HikariDataSource(config)) {
            for (int i = 0; i < 3; i++) {
                try (Connection pooled = pool.getConnection()) {
                    assertThat(value(pooled, "select count(*) from author")).isEqualTo("0");
                    execute(pooled, "insert into author (name) values ('a')");
                }
                test.close();
                test = rolledBack.begin("next");
            }
        }
        insert("a");
    }

    @Test
    void outsideOfTestsItIsAnOrdinaryConnection() throws SQLException {
        insert("a");
        test.close();
        execute(connection, "create table really (id int)");
        connection.setAutoCommit(false);
        execute(connection, "drop table really");
        connection.commit();
        test = rolledBack.begin("next");

        assertThat(value(connection, "select to_regclass('really')")).isNull();
        connection.close();
        assertThat(findings()).containsExactly();
    }
}
