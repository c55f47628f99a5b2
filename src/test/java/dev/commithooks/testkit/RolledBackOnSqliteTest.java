package dev.commithooks.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.testing.RolledBackDatabase;
import dev.commithooks.testing.TestTransaction;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteDataSource;

class RolledBackOnSqliteTest extends RolledBackContract {

    private static final SQLiteDataSource DATABASE = new SQLiteDataSource();

    @BeforeAll
    static void create(@TempDir Path directory) throws SQLException {
        DATABASE.setUrl("jdbc:sqlite:" + directory.resolve("rolled-back.db"));
        DATABASE.setEnforceForeignKeys(true);
        execute(DATABASE, table("integer primary key autoincrement", "\""));
        execute(DATABASE, "create table parent (id int primary key)");
        execute(
                DATABASE,
                "create table child (id int primary key,"
                        + " parent int references parent (id) deferrable initially deferred)");
    }

    @Override
    DataSource database() {
        return DATABASE;
    }

    @Override
    SQLDialect dialect() {
        return SQLDialect.SQLITE;
    }

    @Override
    boolean keepsSchemaInTransaction() {
        return true;
    }

    @Override
    Class<? extends Connection> driver() {
        return SQLiteConnection.class;
    }

    @Test
    void deferredForeignKeysAreCheckedAtTheVirtualCommitAndDeferredAgain() {
        RolledBackDatabase rolledBack = RolledBackDatabase.over(DATABASE);
        DSLContext dsl = DSL.using(rolledBack.dataSource(), SQLDialect.SQLITE);
        try (TestTransaction test = rolledBack.begin("test")) {
            for (int i = 0; i < 2; i++) {
                int id = i;
                assertThatThrownBy(() -> dsl.transaction(tx -> tx.dsl().execute("insert into child values (1, 99)")))
                        .isInstanceOf(DataAccessException.class)
                        .hasStackTraceContaining("FOREIGN KEY constraint failed");
                dsl.transaction(tx -> {
                    tx.dsl().execute("insert into child values (?, ?)", id + 10, id);
                    tx.dsl().execute("insert into parent values (?)", id);
                });
            }

            assertThat(dsl.fetchCount(DSL.table("child"))).isEqualTo(2);
            assertThat(test.findings()).isEmpty();
        }
    }

    /** The statement is in progress while its rows are read, and no savepoint can be released then. */
    @Test
    void rowsOfAWritingStatementAreReadOneByOne() throws SQLException {
        RolledBackDatabase rolledBack = RolledBackDatabase.over(DATABASE);
        try (TestTransaction test = rolledBack.begin("test");
                Connection connection = rolledBack.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            try (ResultSet rows = statement.executeQuery("insert into parent values (1), (2) returning id")) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.next()).isTrue();
                assertThat(rows.next()).isFalse();
            }
            statement.execute("insert into parent values (3)");
            assertThatThrownBy(() -> statement.execute("insert into parent values (3)"))
                    .isInstanceOf(SQLException.class);
            try (ResultSet count = statement.executeQuery("select count(*) from parent")) {
                assertThat(count.getInt(1)).isEqualTo(3);
            }
            assertThat(test.findings()).isEmpty();
        }
    }

    @Test
    void conflictThatWouldRollBackTheWholeTransactionIsRefused() {
        RolledBackDatabase rolledBack = RolledBackDatabase.over(DATABASE);
        DSLContext dsl = DSL.using(rolledBack.dataSource(), SQLDialect.SQLITE);
        try (TestTransaction test = rolledBack.begin("test")) {
            dsl.execute("insert into parent values (1)");
            assertThatThrownBy(() -> dsl.execute("insert or rollback into parent values (1)"))
                    .hasStackTraceContaining("Nothing was sent");

            assertThat(dsl.fetchCount(DSL.table("parent"))).isEqualTo(1);
            assertThat(test.findings()).isEmpty();
        }
    }
}
