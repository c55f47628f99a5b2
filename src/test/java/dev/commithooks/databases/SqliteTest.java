package dev.commithooks.databases;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.Transactions;
import dev.commithooks.policy.RetryPolicy;
import dev.commithooks.transaction.IsolationLevel;
import dev.commithooks.transaction.TransactionInDoubtException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.jooq.tools.jdbc.DefaultConnection;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** SQLite, of which only one connection writes at a time, and whose errors have no SQLState. */
class SqliteTest extends DatabaseContract {

    @TempDir
    Path folder;

    private Shop shop;

    @BeforeEach
    void open() {
        shop = shop(folder, SQLiteConfig.JournalMode.WAL);
    }

    static Shop shop(Path folder, SQLiteConfig.JournalMode mode) {
        SQLiteConfig config = new SQLiteConfig();
        config.enforceForeignKeys(true);
        config.setJournalMode(mode);
        config.setSynchronous(SQLiteConfig.SynchronousMode.OFF);
        config.setBusyTimeout(0);
        SQLiteDataSource dataSource = new SQLiteDataSource(config);
        dataSource.setUrl("jdbc:sqlite:" + folder.resolve(mode + ".db"));
        Shop made = new Shop(dataSource, SQLDialect.SQLITE);
        made.execute(
                "create table author (id integer primary key autoincrement, name text not null, email text unique, born date,"
                        + " created_at text default current_timestamp, "
                        + " mentor integer references author (id) deferrable initially deferred)");
        return made;
    }

    @Override
    Shop shop() {
        return shop;
    }

    /** The fifth lie: without a SQLState the refusal of COMMIT would be in doubt. */
    @Test
    void refusedCommitHasFailed() {
        assertThatThrownBy(() -> shop.dsl.transaction(tx -> {
                    shop.author(tx.dsl(), 1, "Ann").store();
                    tx.dsl().execute("update author set mentor = 99");
                }))
                .isInstanceOf(DataAccessException.class)
                .hasRootCauseInstanceOf(SQLException.class)
                .rootCause()
                .hasMessageContaining("FOREIGN KEY");

        assertThat(shop.told.drain())
                .containsExactly(
                        "before insert author[1]",
                        "before update author[1]",
                        "failed COMMIT insert author[1]",
                        "failed COMMIT update author[1]");
        assertThat(shop.rows()).isEmpty();
    }

    /** What an error of the disk says of COMMIT proves nothing; that the transaction could be rolled back does. */
    @Test
    void failedCommitThatCouldBeRolledBackHasFailed() throws SQLException {
        try (Connection connection = shop.dataSource.getConnection()) {
            Connection failing = new DefaultConnection(connection) {
                @Override
                public void commit() throws SQLException {
                    throw new SQLException("disk I/O error", null, 10);
                }
            };
            DSLContext dsl = CommitHooks.builder()
                    .registerAll(shop.told)
                    .build()
                    .attachTo(DSL.using(failing, SQLDialect.SQLITE, Shop.settings()));
            assertThatThrownBy(() -> dsl.transaction(
                            tx -> shop.author(tx.dsl(), 1, "Ann").store()))
                    .isInstanceOf(DataAccessException.class)
                    .rootCause()
                    .hasMessage("disk I/O error");
        }

        assertThat(shop.told.drain()).containsExactly("before insert author[1]", "failed COMMIT insert author[1]");
        assertThat(shop.rows()).isEmpty();
    }

    /** A transaction whose COMMIT is refused is open still, and nobody may commit it after all. */
    @Test
    void commitThatFindsTheDatabaseBusyHasFailedForGood() throws SQLException {
        shop = shop(folder, SQLiteConfig.JournalMode.DELETE);
        try (Connection reader = shop.dataSource.getConnection();
                Statement statement = reader.createStatement();
                Connection connection = shop.dataSource.getConnection()) {
            DSLContext dsl = CommitHooks.builder()
                    .registerAll(shop.told)
                    .build()
                    .attachTo(DSL.using(
                            readerGoesAfterItsFailedCommit(connection, statement), SQLDialect.SQLITE, Shop.settings()));
            assertThatThrownBy(() -> dsl.transaction(tx -> {
                        shop.author(tx.dsl(), 1, "Ann").store();
                        statement.execute("begin");
                        statement.executeQuery("select * from author").next();
                    }))
                    .isInstanceOf(DataAccessException.class)
                    .rootCause()
                    .hasMessageContaining("BUSY");
        }

        assertThat(shop.told.drain()).containsExactly("before insert author[1]", "failed COMMIT insert author[1]");
        assertThat(shop.rows()).isEmpty();
    }

    private static Connection readerGoesAfterItsFailedCommit(Connection connection, Statement reader) {
        return new DefaultConnection(connection) {
            @Override
            public void commit() throws SQLException {
                try {
                    super.commit();
                } catch (SQLException busy) {
                    letGo(reader);
                    throw busy;
                }
            }
        };
    }

    /** After COMMIT the driver begins the next transaction, and that may be what fails. */
    @Test
    void commitAfterWhichTheDatabaseIsBusyIsInDoubt() throws SQLException {
        try (Connection other = shop.dataSource.getConnection();
                Statement faster = other.createStatement();
                Connection connection = shop.dataSource.getConnection()) {
            DSLContext dsl = CommitHooks.builder()
                    .registerAll(shop.told)
                    .build()
                    .attachTo(DSL.using(
                            othersAreFasterAfterItsCommit(connection, faster), SQLDialect.SQLITE, Shop.settings()));
            assertThatThrownBy(() -> dsl.transaction(
                            tx -> shop.author(tx.dsl(), 1, "Ann").store()))
                    .isInstanceOf(TransactionInDoubtException.class)
                    .hasStackTraceContaining("BUSY");
        }

        assertThat(shop.told.drain()).containsExactly("before insert author[1]", "in doubt insert author[1]");
        assertThat(shop.rows()).containsExactly("Ann");
    }

    /** What the driver does where {@code transaction_mode} is IMMEDIATE. */
    private static Connection othersAreFasterAfterItsCommit(Connection connection, Statement faster) {
        return new DefaultConnection(connection) {
            @Override
            public void commit() throws SQLException {
                try (Statement statement = createStatement()) {
                    statement.execute("pragma busy_timeout = 0");
                    statement.executeUpdate("commit");
                    faster.execute("begin immediate");
                    statement.executeUpdate("begin immediate");
                }
            }
        };
    }

    @Test
    void busyIsTriedAgain() throws SQLException {
        try (Connection writer = shop.dataSource.getConnection();
                Statement statement = writer.createStatement()) {
            statement.execute("begin immediate");
            List<String> told = new ArrayList<>();
            Transactions.with(shop.dsl)
                    .retry(RetryPolicy.attempts(2)
                            .backoff(Duration.ZERO, 1, Duration.ZERO)
                            .sleeper(pause -> {
                                told.addAll(shop.told.drain());
                                letGo(statement);
                            }))
                    .run(tx -> shop.author(tx.dsl(), 1, "Ann").store());

            assertThat(told).isEmpty();
            assertThat(shop.told.drain()).containsExactly("before insert author[1]", "after insert author[1]");
            assertThat(shop.rows()).containsExactly("Ann");
        }
    }

    private static void letGo(Statement statement) {
        try {
            statement.execute("rollback");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void ddlIsPartOfTheTransaction() {
        assertThatThrownBy(() -> shop.dsl.transaction(tx -> {
                    shop.author(tx.dsl(), 1, "Ann").store();
                    tx.dsl().execute("create table another (id int)");
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");

        assertThat(shop.told.drain()).containsExactly("failed WORK insert author[1]");
        assertThat(shop.rows()).isEmpty();
        assertThat(shop.plain().fetchExists(AUTHOR)).isFalse();
    }

    @Test
    void isolationAndReadOnlyAreRefusedByName() {
        assertRefused(
                shop,
                Transactions.with(shop.dsl).isolation(IsolationLevel.READ_COMMITTED),
                "isolation(READ_COMMITTED)");
        assertRefused(shop, Transactions.with(shop.dsl).readOnly(), "readOnly()");
    }

    @Test
    void defaultIsolationIsRefusedWhereHooksAreAttached() {
        assertThatThrownBy(() -> shop.attached(hooks -> hooks.transactionDefaults(serializable())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("isolation(SERIALIZABLE) cannot be had on SQLite")
                .hasMessageContaining("nothing was installed");
    }

    @Test
    void deletedRecordThatIsStoredAgainIsToldWithItsNewKey() {
        assertRecordStoredAgainIsToldWithItsNewKey(shop);
    }
}
