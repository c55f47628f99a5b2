package dev.commithooks.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.testing.Finding.Kind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;

/** Transactions of plain JDBC in a rolled-back test, compared with what the server does with real ones. */
@Database
@NeedsRealCommits("brings an outer transaction of its own")
class VirtualTransactionsTest extends VirtualTransactionsFixture {

    VirtualTransactionsTest(TestDatabase database) throws SQLException {
        super(database);
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
}
