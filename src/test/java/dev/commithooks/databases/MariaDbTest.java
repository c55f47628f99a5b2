package dev.commithooks.databases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.Transactions;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.transaction.IsolationLevel;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A MariaDB server, by its own driver or by MySQL's. The tests have a schema of their own, since DDL is what many are about. */
@Database
@EnabledIfSystemProperty(
        named = "commithooks.test.database",
        matches = "mariadb|mysql",
        disabledReason = "needs a MariaDB server: say -Dcommithooks.test.database=mariadb, or mysql for MySQL's driver")
class MariaDbTest extends DatabaseContract {

    private final TestDatabase database;
    private final MariaDbSchema schema;
    private final Shop shop;

    MariaDbTest(TestDatabase database) throws SQLException {
        this.database = database;
        this.schema = new MariaDbSchema(database);
        this.shop = schema.shop();
    }

    @BeforeEach
    void makeSchema() {
        schema.make();
    }

    @AfterEach
    void dropSchema() {
        schema.drop();
    }

    @Override
    Shop shop() {
        return shop;
    }

    /** The first lie: the server rolls the whole transaction of a deadlock's loser back, and the next statement begins another. */
    @Test
    void swallowedDeadlockIsNotCommitted() throws Exception {
        Deadlock.assertLoserIsTold(shop);
    }

    @Test
    void deadlockIsTriedAgain() throws Exception {
        Deadlock.assertLoserIsTriedAgain(shop);
    }

    /** The second lie: rows of before DDL are committed, whatever becomes of the lambda. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "create table another (id int)",
                "create or replace table another (id int)",
                "/*!50000 create */ table another (id int)",
                "create view a_view as select 1 as one",
                "alter table author add column more int",
                "truncate table other",
                "drop table other",
                "create index more on author (name)",
                "rename table other to another",
                "analyze table other",
                "flush tables",
                "lock tables author write",
                "begin",
                "start transaction",
                "set autocommit = 1",
                "set @@session.autocommit=on"
            })
    void rowsBeforeWhatCommitsAreInDoubt(String committing) {
        List<String> rows = new ArrayList<>();

        assertThatThrownBy(() -> shop.dsl.transaction(tx -> {
                    shop.author(tx.dsl(), 1, "Ann").store();
                    tx.dsl().execute(committing);
                    if (committing.startsWith("lock")) {
                        tx.dsl().execute("unlock tables");
                    }
                    rows.addAll(shop.rows());
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");

        assertThat(rows).as("committed").containsExactly("Ann");
        assertThat(shop.rows()).containsExactly("Ann");
        assertThat(shop.told.drain()).containsExactly("in doubt insert author[1]");
    }

    @Test
    void rowsBeforeDdlThatFailsAreInDoubt() {
        assertThatThrownBy(() -> shop.dsl.transaction(tx -> {
                    shop.author(tx.dsl(), 1, "Ann").store();
                    assertThatThrownBy(() -> tx.dsl().execute("create table other (id int)"));
                    shop.author(tx.dsl(), 2, "Bob").store();
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");

        assertThat(shop.rows()).containsExactly("Ann");
        assertThat(shop.told.drain()).containsExactly("in doubt insert author[1]", "failed WORK insert author[2]");
    }

    @Test
    void rowsBeforeWhatCommitsNothingAreNotInDoubt() {
        assertThatThrownBy(() -> shop.dsl.transaction(tx -> {
                    shop.author(tx.dsl(), 1, "Ann").store();
                    for (String harmless : List.of(
                            "create temporary table passing (id int)",
                            "drop temporary table passing",
                            "set autocommit = 0",
                            "set @x = 'autocommit'",
                            "# create table x (id int)\ndo 0",
                            "select 'a\\'; create table x (id int)'",
                            "savepoint a",
                            "release savepoint a")) {
                        tx.dsl().execute(harmless);
                        assertThat(shop.rows()).as(harmless).isEmpty();
                    }
                    assertThatThrownBy(() -> tx.dsl().execute("create nonsense"));
                    assertThat(shop.rows()).isEmpty();
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");

        assertThat(shop.rows()).isEmpty();
        assertThat(shop.told.drain()).containsExactly("failed WORK insert author[1]");
    }

    /** A lock that was waited for too long undoes its statement alone, unless the server is told otherwise. */
    @Test
    void swallowedLockTimeoutLeavesTheRestToBeCommitted() throws SQLException {
        shop.author(shop.plain(), 1, "Ann").store();
        try (Connection holder = shop.dataSource.getConnection();
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("update author set name = 'held' where id = 1");
            shop.dsl.transaction(tx -> {
                tx.dsl().execute("set innodb_lock_wait_timeout = 1");
                shop.author(tx.dsl(), 2, "Bob").store();
                assertThatThrownBy(() -> tx.dsl().execute("update author set name = 'mine' where id = 1"))
                        .isInstanceOf(DataAccessException.class);
                shop.author(tx.dsl(), 3, "Cid").store();
            });
            holder.rollback();
        }

        assertThat(shop.told.drain())
                .containsExactly(
                        "before insert author[2]",
                        "before insert author[3]",
                        "after insert author[2]",
                        "after insert author[3]");
        assertThat(shop.rows()).containsExactly("Ann", "Bob", "Cid");
    }

    /** The fourth lie: modes of a transaction that runs no statement would be those of the next one. */
    @Test
    void modesAreOfOneTransaction() throws SQLException {
        try (Connection connection = shop.dataSource.getConnection()) {
            DSLContext single = CommitHooks.builder()
                    .registerAll(shop.told)
                    .build()
                    .attachTo(DSL.using(connection, database.dialect(), Shop.settings()));
            Transactions.with(single)
                    .isolation(IsolationLevel.SERIALIZABLE)
                    .readOnly()
                    .run(tx -> {});
            single.transaction(tx -> shop.author(tx.dsl(), 1, "Ann").store());

            assertThat(shop.told.drain()).containsExactly("before insert author[1]", "after insert author[1]");
            assertThat(shop.rows()).containsExactly("Ann");
        }
    }

    @Test
    void readOnlyTransactionDoesNotWrite() {
        assertThatThrownBy(() -> Transactions.with(shop.dsl)
                        .readOnly()
                        .run(tx -> shop.author(tx.dsl(), 1, "Ann").store()))
                .isInstanceOf(DataAccessException.class)
                .hasMessageContaining("it was begun with readOnly()");

        assertThat(shop.rows()).isEmpty();
        assertThat(shop.told.drain()).noneMatch(event -> event.startsWith("after"));
    }

    @Test
    void serializableTransactionLocksWhatItReads() {
        shop.author(shop.plain(), 1, "Ann").store();
        String lock = "select id from author where id = 1 for update nowait";

        Transactions.with(shop.dsl).isolation(IsolationLevel.SERIALIZABLE).run(tx -> {
            tx.dsl().fetch("select * from author where id = 1");
            assertThatThrownBy(() -> shop.plain().fetch(lock)).isInstanceOf(DataAccessException.class);
        });
        Transactions.with(shop.dsl).isolation(IsolationLevel.READ_COMMITTED).run(tx -> {
            tx.dsl().fetch("select * from author where id = 1");
            assertThat(shop.plain().fetch(lock)).hasSize(1);
        });
    }

    /** Ended where only the driver sees it. */
    @Test
    void transactionEndedOnTheDriversConnectionIsInDoubt() {
        assertThatThrownBy(() -> shop.dsl.transaction(tx -> {
                    shop.author(tx.dsl(), 1, "Ann").store();
                    tx.dsl().connection(connection -> {
                        try (Statement unseen =
                                database.product().unwrapped(connection).createStatement()) {
                            unseen.execute("commit");
                        }
                    });
                    shop.author(tx.dsl(), 2, "Bob").store();
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");

        assertThat(shop.rows()).containsExactly("Ann");
        assertThat(shop.told.drain()).containsExactly("in doubt insert author[1]", "failed WORK insert author[2]");
    }

    @Test
    void deletedRecordThatIsStoredAgainIsToldWithItsNewKey() {
        assertRecordStoredAgainIsToldWithItsNewKey(shop);
    }
}
