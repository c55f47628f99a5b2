package dev.commithooks.faults;

import static dev.commithooks.faults.Told.owners;
import static dev.commithooks.faults.Told.store;
import static dev.commithooks.fixture.JooqStatements.releaseSavepoint;
import static dev.commithooks.fixture.JooqStatements.rollbackToSavepoint;
import static dev.commithooks.fixture.JooqStatements.savepoint;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.Product;
import dev.commithooks.fixture.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import javax.sql.DataSource;
import org.jooq.Configuration;
import org.jooq.ConnectionProvider;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.jooq.TransactionContext;
import org.jooq.TransactionProvider;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DataSourceConnectionProvider;
import org.junit.jupiter.api.Test;

/** Savepoints set by hand are followed by PostgreSQL's rules. */
@Database
class ManualSavepointTest {

    private final TestDatabase database;
    private final Told told = new Told();
    private final DSLContext dsl;

    ManualSavepointTest(TestDatabase database) {
        this.database = database;
        this.dsl = told.attachTo(database.dsl(database.pool(1)));
    }

    /** By the shortest form that the database understands. */
    private void execute(Configuration tx, String sql) {
        boolean isShort = database.product() == Product.POSTGRESQL || database.product() == Product.SQLITE;
        tx.dsl().execute(isShort ? sql : sql.replaceFirst("^(rollback to|release) ", "$1 savepoint "));
    }

    @Test
    void rollbackTakesOutWhatCameAfter() {
        dsl.transaction(tx -> {
            store(tx, "ann");
            tx.dsl().execute("savepoint s");
            store(tx, "bob");
            execute(tx, "rollback to s");
            assertThat(told.events()).containsExactly("failed INSERT bob SAVEPOINT");
            store(tx, "cid");
        });

        assertTold("failed INSERT bob SAVEPOINT", "ann", "cid");
    }

    @Test
    void jooqsOwnStatementsAreFollowed() {
        dsl.transaction(tx -> {
            store(tx, "ann");
            savepoint(tx.dsl(), "Mixed").execute();
            store(tx, "bob");
            rollbackToSavepoint(tx.dsl(), "Mixed").execute();
            releaseSavepoint(tx.dsl(), "Mixed").execute();
        });

        assertTold("failed INSERT bob SAVEPOINT", "ann");
    }

    @Test
    void statementsThroughJooqAreFollowedOnAConnectionThatTheUsersProviderKeepsToItself() {
        DataSource pool = database.pool(1);
        DSLContext own = database.dsl(pool);
        own.configuration().set(new OwnConnections(pool));

        told.attachTo(own).transaction(tx -> {
            store(tx, "ann");
            tx.dsl().execute("savepoint s");
            store(tx, "bob");
            execute(tx, "rollback to s");
            savepoint(tx.dsl(), "t").execute();
            store(tx, "cid");
            rollbackToSavepoint(tx.dsl(), "t").execute();
        });

        assertTold("failed INSERT bob SAVEPOINT", "failed INSERT cid SAVEPOINT", "ann");
    }

    /** A provider that hands out its connection by a connection provider that only it knows. */
    private record OwnConnections(DataSource pool) implements TransactionProvider {

        private interface Jdbc {
            void run() throws SQLException;
        }

        private static void jdbc(Jdbc step) {
            try {
                step.run();
            } catch (SQLException e) {
                throw new DataAccessException("jdbc", e);
            }
        }

        @Override
        public void begin(TransactionContext ctx) {
            Connection connection = new DataSourceConnectionProvider(pool).acquire();
            jdbc(() -> connection.setAutoCommit(false));
            ctx.configuration().set(new ConnectionProvider() {
                @Override
                public Connection acquire() {
                    return connection;
                }

                @Override
                public void release(Connection released) {}
            });
        }

        @Override
        public void commit(TransactionContext ctx) {
            Connection connection = ctx.configuration().connectionProvider().acquire();
            jdbc(() -> {
                connection.commit();
                connection.setAutoCommit(true);
                connection.close();
            });
        }

        @Override
        public void rollback(TransactionContext ctx) {
            Connection connection = ctx.configuration().connectionProvider().acquire();
            jdbc(() -> {
                connection.rollback();
                connection.setAutoCommit(true);
                connection.close();
            });
        }
    }

    @Test
    void jdbcSavepointsAreFollowed() {
        dsl.transaction(tx -> {
            store(tx, "ann");
            tx.dsl().connection(connection -> {
                Savepoint unnamed = connection.setSavepoint();
                store(tx, "bob");
                connection.rollback(unnamed);
                connection.releaseSavepoint(unnamed);
                Savepoint named = connection.setSavepoint("named");
                store(tx, "cid");
                connection.rollback(named);
            });
        });

        assertTold("failed INSERT bob SAVEPOINT", "failed INSERT cid SAVEPOINT", "ann");
    }

    @Test
    void jdbcAndSqlMeanTheSameSavepoint() {
        String quoted = dsl.render(DSL.quotedName("T"));
        dsl.transaction(tx -> {
            connection(tx, connection -> connection.setSavepoint("s"));
            store(tx, "ann");
            execute(tx, "rollback to s");
            tx.dsl().execute("savepoint " + quoted);
            store(tx, "bob");
            execute(tx, "release " + quoted);
        });

        assertTold("failed INSERT ann SAVEPOINT", "bob");
    }

    @Test
    void statementsOfPlainJdbcAreFollowedToo() {
        dsl.transaction(tx -> {
            connection(tx, connection -> {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("savepoint s");
                }
            });
            store(tx, "ann");
            connection(tx, connection -> {
                try (PreparedStatement statement = connection.prepareStatement("rollback to savepoint S")) {
                    statement.execute();
                }
            });
            store(tx, "bob");
        });

        assertTold("failed INSERT ann SAVEPOINT", "bob");
    }

    @Test
    void savepointCanBeRolledBackToAgain() {
        dsl.transaction(tx -> {
            tx.dsl().execute("savepoint s");
            store(tx, "ann");
            execute(tx, "rollback to s");
            store(tx, "bob");
            execute(tx, "rollback to s");
            store(tx, "cid");
        });

        assertTold("failed INSERT ann SAVEPOINT", "failed INSERT bob SAVEPOINT", "cid");
    }

    @Test
    @Needs(Ability.POSTGRESQL)
    void shadowedNamesAreFoundInnermostFirst() {
        dsl.transaction(tx -> {
            tx.dsl().execute("savepoint s");
            store(tx, "ann");
            tx.dsl().execute("savepoint S");
            store(tx, "bob");
            execute(tx, "rollback to s");
            store(tx, "cid");
            execute(tx, "release s");
            store(tx, "dan");
            execute(tx, "rollback to s");
            store(tx, "eve");
        });

        assertThat(told.events())
                .containsExactly(
                        "failed INSERT bob SAVEPOINT",
                        "failed INSERT ann SAVEPOINT",
                        "failed INSERT cid SAVEPOINT",
                        "failed INSERT dan SAVEPOINT",
                        "before INSERT eve",
                        "after INSERT eve");
        assertThat(owners(database)).containsExactly("eve");
    }

    @Test
    @Needs(Ability.POSTGRESQL)
    void quotedAndUnquotedNamesDiffer() {
        dsl.transaction(tx -> {
            tx.dsl().execute("savepoint s");
            store(tx, "ann");
            tx.dsl().execute("savepoint \"S\"");
            store(tx, "bob");
            execute(tx, "rollback to S");
        });

        assertThat(told.events()).containsExactly("failed INSERT ann SAVEPOINT", "failed INSERT bob SAVEPOINT");
        assertThat(owners(database)).isEmpty();
    }

    @Test
    @Needs(Ability.POSTGRESQL)
    void releasedSavepointTakesInnerOnesWithIt() {
        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    tx.dsl().execute("savepoint outer_one");
                    tx.dsl().execute("savepoint inner_one");
                    store(tx, "ann");
                    execute(tx, "release outer_one");
                    execute(tx, "rollback to inner_one");
                }))
                .hasMessageContaining("savepoint \"inner_one\" does not exist");

        assertThat(told.events()).containsExactly("failed INSERT ann WORK");
        assertThat(owners(database)).isEmpty();
    }

    @Test
    @Needs(Ability.POSTGRESQL)
    void namesThatArePrefixesOf63BytesAreTheSame() {
        String prefix = "p".repeat(63);
        dsl.transaction(tx -> {
            tx.dsl().execute("savepoint " + prefix + "_one");
            store(tx, "ann");
            execute(tx, "rollback to " + prefix + "_two");
            store(tx, "bob");
        });

        assertTold("failed INSERT ann SAVEPOINT", "bob");
    }

    @Test
    @Needs(Ability.POSTGRESQL)
    void savepointsInsideNestedTransactionsEndWithThem() {
        dsl.transaction(tx -> {
            tx.dsl().execute("savepoint s");
            store(tx, "ann");
            assertThatThrownBy(() -> tx.dsl().transaction(nested -> {
                        store(nested, "bob");
                        nested.dsl().execute("savepoint s");
                        store(nested, "cid");
                        throw new IllegalStateException("nested");
                    }))
                    .hasMessage("nested");
            store(tx, "dan");
            execute(tx, "rollback to s");
            store(tx, "eve");
        });

        assertThat(told.events())
                .containsExactly(
                        "failed INSERT bob SAVEPOINT",
                        "failed INSERT cid SAVEPOINT",
                        "failed INSERT ann SAVEPOINT",
                        "failed INSERT dan SAVEPOINT",
                        "before INSERT eve",
                        "after INSERT eve");
        assertThat(owners(database)).containsExactly("eve");
    }

    @Test
    @Needs(Ability.POSTGRESQL)
    void rollingBackPastANestedTransactionInsideOfItUndoesItsSavepoint() {
        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    tx.dsl().execute("savepoint s");
                    store(tx, "ann");
                    tx.dsl().transaction(nested -> {
                        store(nested, "bob");
                        execute(nested, "rollback to s");
                        store(nested, "cid");
                    });
                    store(tx, "dan");
                }))
                .isInstanceOf(RuntimeException.class);

        assertThat(told.events()).doesNotContain("after INSERT ann", "after INSERT bob");
        assertThat(told.events().stream().filter(event -> event.startsWith("after")))
                .map(event -> event.substring("after INSERT ".length()))
                .containsExactlyElementsOf(owners(database));
    }

    @Test
    void callbacksUnderARolledBackSavepointAreDiscarded() {
        dsl.transaction(tx -> {
            tx.dsl().execute("savepoint s");
            CommitHooks.current(tx).onCommit(() -> told.note("onCommit lost"));
            CommitHooks.current(tx).onRollback(failure -> told.note("onRollback " + failure.stage()));
            execute(tx, "rollback to s");
            CommitHooks.current(tx).onCommit(() -> told.note("onCommit kept"));
        });

        assertThat(told.events()).containsExactly("onRollback SAVEPOINT", "onCommit kept");
    }

    @Test
    void errorHealedByASavepointIsNotAnAbortedTransaction() {
        dsl.transaction(tx -> {
            store(tx, "ann");
            tx.dsl().execute("savepoint s");
            assertThatThrownBy(() -> tx.dsl().execute("select nothing from nowhere"))
                    .isInstanceOf(RuntimeException.class);
            execute(tx, "rollback to s");
        });

        assertThat(told.events()).containsExactly("before INSERT ann", "after INSERT ann");
        assertThat(owners(database)).containsExactly("ann");
    }

    @Test
    void throwingFailedHookReachesWhoeverRolledBack() {
        told.doing((event, ctx) -> {
            if (event.startsWith("failed")) {
                throw new IllegalStateException("failed hook");
            }
        });
        dsl.transaction(tx -> {
            tx.dsl().execute("savepoint s");
            store(tx, "ann");
            assertThatThrownBy(() -> execute(tx, "rollback to s")).hasStackTraceContaining("failed hook");
            store(tx, "bob");
        });

        assertThat(owners(database)).containsExactly("bob");
        assertTold("failed INSERT ann SAVEPOINT", "bob");
    }

    private interface OnConnection {
        void run(Connection connection) throws SQLException;
    }

    private static void connection(Configuration tx, OnConnection work) {
        tx.dsl().connection(work::run);
    }

    /** What was told first, then a before and an after for each owner that is in the database. */
    private void assertTold(String... failedThenOwners) {
        java.util.List<String> expected = new java.util.ArrayList<>();
        java.util.List<String> committed = new java.util.ArrayList<>();
        for (String item : failedThenOwners) {
            (item.startsWith("failed") ? expected : committed).add(item);
        }
        committed.forEach(owner -> expected.add("before INSERT " + owner));
        committed.forEach(owner -> expected.add("after INSERT " + owner));
        assertThat(told.events()).containsExactlyElementsOf(expected);
        assertThat(owners(database)).containsExactlyElementsOf(committed);
    }
}
