package dev.commithooks.faults;

import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.bookshop.shop.Tables;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.TestDatabase;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.util.stream.Stream;
import org.jooq.Configuration;
import org.junit.jupiter.params.provider.Arguments;

/** The ways in which somebody may end a transaction inside of it. */
final class WaysToEnd {

    interface Deed {
        void in(Configuration tx) throws Exception;
    }

    /** A way to end the transaction, perhaps one that only PostgreSQL understands. */
    record Way(Deed deed, boolean isPortable) {

        void in(Configuration tx) throws Exception {
            deed.in(tx);
        }

        void assumeThatItExistsIn(TestDatabase database) {
            if (!isPortable) {
                database.assumeThatItHas(Ability.POSTGRESQL);
            }
        }
    }

    private WaysToEnd() {}

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
}
