package dev.commithooks.faults;

import static dev.commithooks.faults.Told.owners;
import static dev.commithooks.faults.Told.store;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.bookshop.shop.Tables;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.transaction.TransactionAbortedException;
import dev.commithooks.transaction.TransactionInDoubtException;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.stream.Stream;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Somebody ends the transaction inside of it: that is never reported as a plain success. */
@Database
class BehindOurBackTest {

    private interface Deed {
        void in(Configuration tx) throws Exception;
    }

    /** A way to end the transaction, perhaps one that only PostgreSQL understands. */
    private record Way(Deed deed, boolean isPortable) {

        void in(Configuration tx) throws Exception {
            deed.in(tx);
        }

        void assumeThatItExistsIn(TestDatabase database) {
            if (!isPortable) {
                database.assumeThatItHas(Ability.POSTGRESQL);
            }
        }
    }

    private final TestDatabase database;
    private final Told told = new Told();
    private final DSLContext dsl;

    BehindOurBackTest(TestDatabase database) {
        this.database = database;
        this.dsl = told.attachTo(database.dsl(database.pool(1)));
    }

    static Stream<Arguments> commits() {
        return Stream.of(
                way("Connection.commit()", tx -> tx.dsl().connection(Connection::commit)),
                way("dsl.commit()", tx -> tx.dsl().query("commit").execute()),
                way("plain SQL", tx -> tx.dsl().execute("/* over */ COMMIT;")),
                postgresWay("plain SQL with a noise word", tx -> tx.dsl().execute("/* over */ COMMIT WORK;")),
                postgresWay(
                        "a batch with a query",
                        tx -> tx.dsl().batch("select 1", "commit").execute()),
                postgresWay(
                        "a batch of plain JDBC with a query",
                        tx -> tx.dsl().connection(connection -> {
                            try (Statement statement = connection.createStatement()) {
                                statement.addBatch("select 1");
                                statement.addBatch("commit");
                                statement.executeBatch();
                            }
                        })),
                postgresWay("a text of two statements", tx -> tx.dsl().execute("select 1; end")),
                way(
                        "setAutoCommit(true)",
                        tx -> tx.dsl().connection(connection -> {
                            connection.setAutoCommit(true);
                            connection.setAutoCommit(false);
                        })),
                way(
                        "a statement of plain JDBC",
                        tx -> tx.dsl().connection(connection -> {
                            try (Statement statement = connection.createStatement()) {
                                statement.execute("commit");
                            }
                        })),
                postgresWay("a chain", tx -> tx.dsl().execute("commit and chain")),
                way(
                        "a batch",
                        tx -> tx.dsl().batch("delete from stock", "commit").execute()),
                postgresWay(
                        "a callable statement",
                        tx -> tx.dsl().connection(connection -> {
                            try (CallableStatement statement = connection.prepareCall("commit and chain")) {
                                statement.execute();
                            }
                        })),
                way(
                        "a batch of plain JDBC",
                        tx -> tx.dsl().connection(connection -> {
                            try (Statement statement = connection.createStatement()) {
                                statement.addBatch("delete from stock");
                                statement.addBatch("commit");
                                statement.executeBatch();
                            }
                        })),
                postgresWay(
                        "a prepared batch",
                        tx -> tx.dsl().connection(connection -> {
                            try (PreparedStatement statement = connection.prepareStatement("commit and chain")) {
                                statement.addBatch();
                                statement.executeBatch();
                            }
                        })),
                postgresWay(
                        "a text that fails later",
                        tx -> tx.dsl().connection(connection -> {
                            try (Statement statement = connection.createStatement()) {
                                catchThrowable(() -> statement.execute("commit; begin; select nothing from nowhere"));
                                statement.execute("rollback");
                            }
                        })),
                way(
                        "Loader.commitEach",
                        tx -> tx.dsl()
                                .loadInto(Tables.STOCK)
                                .commitEach()
                                .loadArrays(new Object[][] {{"978", 1}})
                                .fields(Tables.STOCK.ISBN, Tables.STOCK.QUANTITY)
                                .execute()));
    }

    static Stream<Arguments> rollbacks() {
        return Stream.of(
                way("Connection.rollback()", tx -> tx.dsl().connection(Connection::rollback)),
                way("dsl.rollback()", tx -> tx.dsl().query("rollback").execute()),
                postgresWay("plain SQL", tx -> tx.dsl().execute("abort")),
                postgresWay(
                        "a callable statement",
                        tx -> tx.dsl().connection(connection -> {
                            try (CallableStatement statement = connection.prepareCall("rollback and chain")) {
                                statement.execute();
                            }
                        })),
                way(
                        "a statement of plain JDBC",
                        tx -> tx.dsl().connection(connection -> {
                            try (Statement statement = connection.createStatement()) {
                                statement.execute("rollback");
                            }
                        })));
    }

    private static Arguments way(String name, Deed deed) {
        return Arguments.argumentSet(name, new Way(deed, true));
    }

    private static Arguments postgresWay(String name, Deed deed) {
        return Arguments.argumentSet(name, new Way(deed, false));
    }

    @ParameterizedTest
    @MethodSource("commits")
    void commitLeavesDoubt(Way commit) {
        commit.assumeThatItExistsIn(database);
        Throwable thrown = catchThrowable(() -> dsl.transaction(tx -> {
            store(tx, "ann");
            commit.in(tx);
        }));

        assertThat(thrown)
                .isInstanceOfSatisfying(
                        TransactionInDoubtException.class,
                        doubt -> assertThat(doubt.transaction())
                                .hasValueSatisfying(info -> assertThat(doubt).hasMessageContaining(info.id())));
        assertThat(told.events()).containsExactly("inDoubt INSERT ann");
        assertThat(owners(database)).containsExactly("ann");
    }

    @ParameterizedTest
    @MethodSource("rollbacks")
    void rollbackLeavesDoubt(Way rollback) {
        rollback.assumeThatItExistsIn(database);
        Throwable thrown = catchThrowable(() -> dsl.transaction(tx -> {
            store(tx, "ann");
            rollback.in(tx);
        }));

        assertThat(thrown).isInstanceOf(TransactionInDoubtException.class);
        assertThat(told.events()).containsExactly("inDoubt INSERT ann");
        assertThat(owners(database)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("commits")
    void whatIsWrittenAfterACommitHasAFateOfItsOwn(Way commit) {
        commit.assumeThatItExistsIn(database);
        Throwable thrown = catchThrowable(() -> dsl.transaction(tx -> {
            store(tx, "ann");
            commit.in(tx);
            store(tx, "bob");
        }));

        assertThat(thrown).isInstanceOf(TransactionInDoubtException.class);
        assertThat(told.events())
                .containsExactlyInAnyOrder("before INSERT bob", "after INSERT bob", "inDoubt INSERT ann");
        assertThat(owners(database)).containsExactly("ann", "bob");
    }

    @ParameterizedTest
    @MethodSource("rollbacks")
    void whatIsWrittenAfterARollbackHasAFateOfItsOwn(Way rollback) {
        rollback.assumeThatItExistsIn(database);
        Throwable thrown = catchThrowable(() -> dsl.transaction(tx -> {
            store(tx, "ann");
            rollback.in(tx);
            store(tx, "bob");
        }));

        assertThat(thrown).isInstanceOf(TransactionInDoubtException.class);
        assertThat(told.events())
                .containsExactlyInAnyOrder("before INSERT bob", "after INSERT bob", "inDoubt INSERT ann");
        assertThat(owners(database)).containsExactly("bob");
    }

    @ParameterizedTest
    @MethodSource("commits")
    void commitFollowedByAFailureIsNoFailure(Way commit) {
        commit.assumeThatItExistsIn(database);
        Throwable thrown = catchThrowable(() -> dsl.transaction(tx -> {
            store(tx, "ann");
            commit.in(tx);
            throw new IllegalStateException("work");
        }));

        assertThat(thrown).hasMessage("work");
        assertThat(told.events()).containsExactly("inDoubt INSERT ann");
        assertThat(owners(database)).containsExactly("ann");
    }

    @ParameterizedTest
    @MethodSource("commits")
    void commitInsideANestedTransactionThatFailsIsNoFailure(Way commit) {
        commit.assumeThatItExistsIn(database);
        catchThrowable(() -> dsl.transaction(tx -> {
            store(tx, "ann");
            catchThrowable(() -> tx.dsl().transaction(nested -> {
                store(nested, "bob");
                commit.in(nested);
                throw new IllegalStateException("nested");
            }));
        }));

        assertThat(told.events()).containsExactlyInAnyOrder("inDoubt INSERT ann", "inDoubt INSERT bob");
        assertThat(owners(database)).containsExactly("ann", "bob");
    }

    @Test
    void whatIsWrittenInAutocommitModeIsInDoubt() {
        Throwable thrown = catchThrowable(() -> dsl.transaction(tx -> {
            store(tx, "ann");
            tx.dsl().connection(connection -> connection.setAutoCommit(true));
            store(tx, "bob");
            store(tx, "cid");
        }));

        assertThat(thrown).isNotNull();
        assertThat(told.events())
                .filteredOn(event -> !event.startsWith("before"))
                .allMatch(event -> event.startsWith("inDoubt"))
                .hasSize(3);
        assertThat(owners(database)).containsExactly("ann", "bob", "cid");
    }

    @Test
    void whatIsWrittenInAutocommitModeBeforeAFailureIsInDoubt() {
        Throwable thrown = catchThrowable(() -> dsl.transaction(tx -> {
            tx.dsl().connection(connection -> connection.setAutoCommit(true));
            store(tx, "ann");
            throw new IllegalStateException("work");
        }));

        assertThat(thrown).hasMessage("work");
        assertThat(told.events()).containsExactly("inDoubt INSERT ann");
        assertThat(owners(database)).containsExactly("ann");
    }

    @Test
    void transactionMayBeEndedMoreThanOnce() {
        Throwable thrown = catchThrowable(() -> dsl.transaction(tx -> {
            store(tx, "ann");
            tx.dsl().connection(Connection::commit);
            store(tx, "bob");
            tx.dsl().connection(connection -> {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("rollback");
                }
            });
            store(tx, "cid");
        }));

        assertThat(thrown).isInstanceOf(TransactionInDoubtException.class);
        assertThat(told.events())
                .containsExactlyInAnyOrder(
                        "before INSERT cid", "after INSERT cid", "inDoubt INSERT ann", "inDoubt INSERT bob");
        assertThat(owners(database)).containsExactly("ann", "cid");
    }

    @Test
    @Needs(Ability.POSTGRESQL)
    void preparedTransactionIsInDoubt() {
        Throwable thrown = catchThrowable(() -> dsl.transaction(tx -> {
            store(tx, "ann");
            tx.dsl().execute("prepare transaction 'half'");
        }));

        assertThat(thrown).isInstanceOf(TransactionInDoubtException.class);
        assertThat(told.events()).containsExactly("inDoubt INSERT ann");
        assertThat(owners(database)).isEmpty();
        database.dsl().execute("commit prepared 'half'");
        assertThat(owners(database)).containsExactly("ann");
    }

    @ParameterizedTest
    @EnumSource
    void commitOnTheConnectionIsSeenWhateverTheProvider(Source source) {
        DSLContext other = told.attachTo(source.plain(database));

        Throwable thrown = catchThrowable(() -> other.transaction(tx -> {
            store(tx, "ann");
            tx.dsl().connection(Connection::commit);
            store(tx, "bob");
        }));

        assertThat(thrown).isInstanceOf(TransactionInDoubtException.class);
        assertThat(told.events())
                .containsExactlyInAnyOrder("before INSERT bob", "after INSERT bob", "inDoubt INSERT ann");
        assertThat(owners(database)).containsExactly("ann", "bob");
        Source.close(other);
    }

    @Test
    void afterACommitOfTheUsersTheFailureOfTheRestIsItsOwn() {
        Throwable thrown = catchThrowable(() -> dsl.transaction(tx -> {
            store(tx, "ann");
            tx.dsl().connection(Connection::commit);
            store(tx, "bob");
            throw new IllegalStateException("work");
        }));

        assertThat(thrown).hasMessage("work");
        assertThat(told.events()).containsExactlyInAnyOrder("inDoubt INSERT ann", "failed INSERT bob WORK");
        assertThat(owners(database)).containsExactly("ann");
    }

    @Test
    void aTransactionThatWasEndedBeforeAnythingWasWrittenIsFine() {
        dsl.transaction(tx -> {
            tx.dsl().connection(Connection::rollback);
            store(tx, "ann");
        });

        assertThat(told.events()).containsExactly("before INSERT ann", "after INSERT ann");
        assertThat(owners(database)).containsExactly("ann");
    }

    @Test
    void nestedTransactionsOfAnEndedTransactionDoNotHideIt() {
        Throwable thrown = catchThrowable(() -> dsl.transaction(tx -> {
            store(tx, "ann");
            tx.dsl().transaction(nested -> {
                store(nested, "bob");
                nested.dsl().connection(Connection::commit);
            });
            store(tx, "cid");
        }));

        assertThat(thrown).isInstanceOf(TransactionInDoubtException.class);
        assertThat(told.events())
                .contains("inDoubt INSERT ann", "inDoubt INSERT bob")
                .doesNotContain("after INSERT ann", "after INSERT bob");
        assertThat(owners(database)).contains("ann", "bob");
    }

    @ParameterizedTest
    @MethodSource("commits")
    void commitFollowedByACloseIsNotReportedAsRolledBack(Way commit) {
        commit.assumeThatItExistsIn(database);
        Throwable thrown = catchThrowable(() -> dsl.transaction(tx -> {
            store(tx, "ann");
            commit.in(tx);
            tx.dsl().connection(Connection::close);
        }));

        assertThat(thrown).isInstanceOf(TransactionInDoubtException.class);
        assertThat(told.events()).containsExactly("inDoubt INSERT ann");
        assertThat(owners(database)).containsExactly("ann");
    }

    @Test
    void commitAndCloseAfterFurtherWorkIsNotReportedAsRolledBack() {
        Throwable thrown = catchThrowable(() -> dsl.transaction(tx -> {
            store(tx, "ann");
            tx.dsl().connection(Connection::commit);
            store(tx, "bob");
            tx.dsl().connection(Connection::close);
        }));

        assertThat(thrown).isInstanceOf(TransactionInDoubtException.class);
        assertThat(told.events())
                .containsExactlyInAnyOrder("before INSERT bob", "inDoubt INSERT ann", "inDoubt INSERT bob");
        assertThat(owners(database)).containsExactly("ann");
    }

    @Test
    void closeAloneIsACertainRollback() {
        Throwable thrown = catchThrowable(() -> dsl.transaction(tx -> {
            store(tx, "ann");
            tx.dsl().connection(Connection::close);
        }));

        assertThat(thrown).isInstanceOf(DataAccessException.class).hasStackTraceContaining("rolled back");
        assertThat(told.events()).last().isEqualTo("failed INSERT ann COMMIT");
        assertThat(owners(database)).isEmpty();
    }

    @Test
    void commitAfterASavepointInOneFailingTextLeavesDoubt() {
        Throwable thrown = catchThrowable(() -> dsl.transaction(tx -> {
            store(tx, "ann");
            catchThrowable(() -> tx.dsl().execute("savepoint a; commit; select nothing from nowhere"));
        }));

        assertThat(thrown).isInstanceOf(TransactionInDoubtException.class);
        assertThat(told.events()).containsExactly("inDoubt INSERT ann");
    }

    @Test
    @Needs(Ability.ABORTED_TRANSACTIONS)
    void savepointThatFailsAloneIsNone() {
        Throwable thrown = catchThrowable(() -> dsl.transaction(tx -> {
            store(tx, "ann");
            catchThrowable(() -> tx.dsl().execute("rollback to nowhere"));
        }));

        assertThat(thrown).isInstanceOf(TransactionAbortedException.class);
        assertThat(told.events()).containsExactly("failed INSERT ann COMMIT");
        assertThat(owners(database)).isEmpty();
    }
}
