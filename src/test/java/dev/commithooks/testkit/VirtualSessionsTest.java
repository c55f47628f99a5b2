package dev.commithooks.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.testing.Finding.Kind;
import dev.commithooks.testing.RolledBackDatabase;
import dev.commithooks.testing.RolledBackOptions;
import dev.commithooks.testing.Verdict;
import dev.commithooks.transaction.IsolationLevel;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.ds.PGSimpleDataSource;

/** What a session keeps beside its rows, in a rolled-back test: settings, isolation, locks, cursors and connections. */
@Database
@NeedsRealCommits("brings an outer transaction of its own")
class VirtualSessionsTest extends VirtualTransactionsFixture {

    VirtualSessionsTest(TestDatabase database) throws SQLException {
        super(database);
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
