package dev.commithooks.testkit;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.testing.Finding.Kind;
import dev.commithooks.testing.HookJournal;
import dev.commithooks.testing.LeftBehindError;
import dev.commithooks.testing.RolledBackDatabase;
import dev.commithooks.testing.RolledBackOptions;
import dev.commithooks.testing.TestTransaction;
import dev.commithooks.testing.Verdict;
import dev.commithooks.transaction.IsolationLevel;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.Test;

/** The promises of a rolled-back test on databases that are not PostgreSQL: nothing stays, and what would is found. */
abstract class RolledBackContract extends VirtualTransactionsContract {

    @Test
    void schemaIsChangedWithinTheTestOrRefusedBeforeAnythingIsSent() throws Exception {
        try (TestTransaction running = rolledBack.begin("test")) {
            store(dsl, "ann");
            if (keepsSchemaInTransaction()) {
                dsl.execute("create table scratch (id int)");
                dsl.execute("insert into scratch values (1)");
            } else {
                for (String ddl : List.of(
                        "create table scratch (id int)",
                        "-- look\n  TRUNCATE TABLE " + name("account"),
                        "drop table " + name("account"))) {
                    assertThatThrownBy(() -> dsl.execute(ddl))
                            .isInstanceOf(DataAccessException.class)
                            .hasStackTraceContaining("would commit the outer transaction of the test")
                            .hasStackTraceContaining("Nothing was sent");
                }
            }
            assertThat(owners(rolledBack.dataSource())).containsExactly("ann");
            assertThat(running.findings()).isEmpty();
        }
        assertThat(owners(database())).isEmpty();
        assertThatThrownBy(() -> execute(database(), "select * from scratch")).isInstanceOf(SQLException.class);
    }

    @Test
    void transactionEndedOnTheDriversOwnConnectionIsFoundAtTheEnd() throws Exception {
        test = rolledBack.begin("test");
        store(dsl, "ann");
        try (Connection connection = rolledBack.dataSource().getConnection()) {
            execute(connection.unwrap(driver()), "commit");
        }

        assertThatThrownBy(test::close)
                .isInstanceOf(LeftBehindError.class)
                .hasMessageContaining("the outer transaction was ended");
    }

    @Test
    void fixtureIsKeptForTheTestsWithinIt() {
        try (TestTransaction fixture = rolledBack.begin("fixture")) {
            store(dsl, "ann");
            for (String owner : List.of("bob", "cid")) {
                try (TestTransaction running = fixture.nest(owner)) {
                    store(dsl, owner);
                    assertThat(owners(rolledBack.dataSource())).containsExactly("ann", owner);
                    assertThat(running.findings()).isEmpty();
                }
            }
            assertThat(owners(rolledBack.dataSource())).containsExactly("ann");
        }
        assertThat(owners(database())).isEmpty();
    }

    @Test
    void commitWithinATransactionThatIsRolledBackIsFound() {
        test = rolledBack.begin("test");
        catchThrowable(() -> dsl.transaction(tx -> {
            store(tx.dsl(), "bob");
            store(dsl, "ann");
            throw new IllegalStateException();
        }));

        assertThat(owners(rolledBack.dataSource())).isEmpty();
        assertThatThrownBy(test::close)
                .isInstanceOf(LeftBehindError.class)
                .hasMessageContaining("was undone by its rollback");
    }

    /** H2 replaces the first by the second and does nothing at RELEASE, MariaDB replaces it, SQLite hides it until then. */
    @Test
    void savepointsOfOneNameAreWhatTheyAreToTheDatabase() throws Exception {
        withSavepointsOfOneName(database());
        List<String> really = owners(database());
        execute(database(), "delete from " + name("account"));
        try (TestTransaction running = rolledBack.begin("test")) {
            withSavepointsOfOneName(rolledBack.dataSource());

            assertThat(owners(rolledBack.dataSource())).isEqualTo(really);
            assertThat(running.findings()).isEmpty();
        }
    }

    private void withSavepointsOfOneName(DataSource dataSource) throws SQLException {
        String insert = "insert into " + name("account") + " (" + name("owner") + ") values ('%s')";
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            execute(connection, "savepoint mine");
            execute(connection, insert.formatted("ann"));
            execute(connection, "savepoint mine");
            execute(connection, insert.formatted("bob"));
            execute(connection, "release savepoint mine");
            execute(connection, insert.formatted("cid"));
            catchThrowable(() -> execute(connection, "rollback to savepoint mine")); // gone on MariaDB
            connection.commit();
        }
    }

    @Test
    void isolationIsTheOuterOnesAndIsGivenBack() throws Exception {
        List<Connection> real = new ArrayList<>();
        int before;
        try (Connection connection = database().getConnection()) {
            before = connection.getTransactionIsolation();
        }
        RolledBackDatabase serializable = RolledBackDatabase.over(
                dataSource(() -> {
                    Connection connection = database().getConnection();
                    real.add(connection);
                    return new org.jooq.tools.jdbc.DefaultConnection(connection) {
                        @Override
                        public void close() {}
                    };
                }),
                RolledBackOptions.defaults().isolation(IsolationLevel.SERIALIZABLE));
        try (TestTransaction running = serializable.begin("test");
                Connection connection = serializable.dataSource().getConnection()) {
            insert(connection, "ann");
            assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_SERIALIZABLE);
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_UNCOMMITTED);
            assertThatThrownBy(() -> insert(connection, "bob")).hasMessageContaining("asks for read uncommitted");
            assertThat(running.findings()).isEmpty();
        }
        try (Connection connection = real.get(0)) {
            assertThat(connection.getTransactionIsolation()).isEqualTo(before);
            assertThat(connection.getAutoCommit()).isTrue();
        }
    }

    private static DataSource dataSource(Opening opening) {
        return new org.springframework.jdbc.datasource.AbstractDataSource() {
            @Override
            public Connection getConnection() throws SQLException {
                return opening.open();
            }

            @Override
            public Connection getConnection(String user, String password) throws SQLException {
                return opening.open();
            }
        };
    }

    private interface Opening {
        Connection open() throws SQLException;
    }

    @Test
    void randomTestsLeaveTheDatabaseAsItWas() throws Exception {
        execute(database(), "insert into " + name("account") + " (" + name("owner") + ") values ('somebody')");
        Random random = new Random(20_261_128);
        for (int i = 0; i < 30; i++) {
            HookJournal captured;
            int expected;
            try (TestTransaction running = rolledBack.begin("test " + i)) {
                int[] committed = {0};
                captured = journal.capture(() -> {
                    for (int step = 0; step < 5; step++) {
                        committed[0] += step(random, "t" + step);
                    }
                });
                expected = committed[0];
                assertThat(owners(rolledBack.dataSource())).hasSize(1 + expected);
                assertThat(running.findings()).isEmpty();
            }
            assertThat(captured.after(ACCOUNT).inserted()).hasSize(expected);
            assertThat(owners(database())).containsExactly("somebody");
        }
    }

    private int step(Random random, String owner) {
        switch (random.nextInt(4)) {
            case 0 -> store(dsl, owner);
            case 1 -> dsl.transaction(tx -> store(tx.dsl(), owner));
            case 2 -> {
                catchThrowable(() -> dsl.transaction(tx -> {
                    store(tx.dsl(), owner);
                    throw new IllegalStateException();
                }));
                return 0;
            }
            default -> {
                int[] inner = {1};
                dsl.transaction(tx -> {
                    store(tx.dsl(), owner);
                    catchThrowable(() -> tx.dsl().transaction(nested -> {
                        store(nested.dsl(), owner + "n");
                        if (random.nextBoolean()) {
                            throw new IllegalStateException();
                        }
                        inner[0]++;
                    }));
                });
                return inner[0];
            }
        }
        return 1;
    }

    @Test
    void verdictsOnUncommittedRowsAreAsEver() {
        RolledBackDatabase strict = RolledBackDatabase.over(
                database(), RolledBackOptions.defaults().on(Kind.UNCOMMITTED_ROWS, Verdict.FAIL));
        DSLContext own = on(strict);
        test = strict.begin("test");
        own.transaction(tx -> {
            store(tx.dsl(), "ann");
            assertThat(owners(strict.dataSource())).containsExactly("ann");
        });

        assertThatThrownBy(test::close).hasMessageContaining("it could see rows that really it cannot");
    }
}
