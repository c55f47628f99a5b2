package dev.commithooks.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.testing.Finding;
import dev.commithooks.testing.Finding.Kind;
import dev.commithooks.testing.LeftBehindError;
import dev.commithooks.testing.RolledBackDatabase;
import dev.commithooks.testing.RolledBackOptions;
import dev.commithooks.testing.TestTransaction;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;

/** A connection in a rolled-back test, and what is found when the test ends. */
abstract class VirtualTransactionsFixture {

    final TestDatabase database;
    RolledBackDatabase rolledBack;
    TestTransaction test;
    Connection connection;

    VirtualTransactionsFixture(TestDatabase database) throws SQLException {
        this.database = database;
        begin(RolledBackOptions.defaults());
    }

    void begin(RolledBackOptions options) throws SQLException {
        rolledBack = RolledBackDatabase.over(database.realDataSource(), options);
        test = rolledBack.begin("test");
        connection = rolledBack.dataSource().getConnection();
    }

    static int execute(Connection on, String sql) throws SQLException {
        try (Statement statement = on.createStatement()) {
            statement.execute(sql);
            return statement.getUpdateCount();
        }
    }

    static String value(Connection on, String sql) throws SQLException {
        try (Statement statement = on.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    String names() throws SQLException {
        return value(connection, "select coalesce(string_agg(name, ' ' order by id), '') from author");
    }

    void insert(String name) throws SQLException {
        execute(connection, "insert into author (name) values ('" + name + "')");
    }

    static void assertState(String sqlState, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        SQLException.class,
                        e -> assertThat(e.getSQLState()).as(e.getMessage()).isEqualTo(sqlState));
    }

    List<Kind> findings() {
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
}
