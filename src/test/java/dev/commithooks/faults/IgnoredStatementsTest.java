package dev.commithooks.faults;

import static dev.commithooks.faults.Told.owners;
import static dev.commithooks.faults.Told.store;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.jooq.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A text of several statements, of which a driver may ignore all but the first, refuse them all, or execute all. */
@Database
class IgnoredStatementsTest {

    private final TestDatabase database;
    private final Told told = new Told();

    IgnoredStatementsTest(TestDatabase database) {
        this.database = database;
    }

    /** A way to have a text executed. */
    private interface Door {
        void execute(Configuration tx, String sql) throws SQLException;
    }

    private interface OnStatement {
        void execute(Statement statement) throws SQLException;
    }

    private static void byJdbc(Configuration tx, OnStatement way) {
        tx.dsl().connection((Connection connection) -> {
            try (Statement statement = connection.createStatement()) {
                way.execute(statement);
            }
        });
    }

    static Stream<Door> doors() {
        return Stream.of(
                (tx, sql) -> tx.dsl().execute(sql),
                (tx, sql) -> tx.dsl().batch(sql).execute(),
                (tx, sql) -> byJdbc(tx, statement -> statement.execute(sql)),
                (tx, sql) -> byJdbc(tx, statement -> statement.executeUpdate(sql)),
                (tx, sql) -> byJdbc(tx, statement -> {
                    statement.addBatch(sql);
                    statement.executeBatch();
                }));
    }

    @ParameterizedTest
    @MethodSource("doors")
    void rollbackToASavepoint(Door door) {
        work(door, "delete from stock; rollback to savepoint s");
    }

    @ParameterizedTest
    @MethodSource("doors")
    void rollback(Door door) {
        work(door, "delete from stock; rollback");
    }

    @ParameterizedTest
    @MethodSource("doors")
    void commit(Door door) {
        work(door, "delete from stock; commit");
    }

    /** SQLite's driver executes it and complains then. */
    @Test
    void statementThatIsNoQueryIsExecutedAsOne() {
        work((tx, sql) -> byJdbc(tx, statement -> statement.executeQuery(sql)), "rollback to savepoint s");
    }

    private void work(Door door, String sql) {
        catchThrowable(() -> told.attachTo(database.dsl(database.pool(1))).transaction(tx -> {
            store(tx, "ann");
            tx.dsl().execute("savepoint s");
            store(tx, "bob");
            catchThrowable(() -> door.execute(tx, sql));
            catchThrowable(() -> store(tx, "cid"));
            throw new IllegalStateException("work");
        }));

        List<String> there = owners(database);
        assertThat(there).isSubsetOf(of("inDoubt")).containsAll(of("after"));
        assertThat(of("failed")).noneMatch(there::contains);
        assertThat(of("failed|inDoubt")).contains("ann", "bob");
    }

    private List<String> of(String phase) {
        return told.events().stream()
                .filter(event -> event.split(" ")[0].matches(phase))
                .map(event -> event.split(" ")[2])
                .toList();
    }
}
