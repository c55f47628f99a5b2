package dev.commithooks.faults;

import static dev.commithooks.faults.Told.owners;
import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Product;
import dev.commithooks.fixture.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jooq.Configuration;
import org.jooq.DSLContext;

/** Hooks, and savepoints that a test sets by hand. */
@Database
abstract class SavepointFixture {

    final TestDatabase database;
    final Told told = new Told();
    final DSLContext dsl;

    SavepointFixture(TestDatabase database) {
        this.database = database;
        this.dsl = told.attachTo(database.dsl(database.pool(1)));
    }

    /** By the shortest form that the database understands. */
    final void execute(Configuration tx, String sql) {
        boolean isShort = database.product() == Product.POSTGRESQL || database.product() == Product.SQLITE;
        tx.dsl().execute(isShort ? sql : sql.replaceFirst("^(rollback to|release) ", "$1 savepoint "));
    }

    interface OnConnection {
        void run(Connection connection) throws SQLException;
    }

    static void connection(Configuration tx, OnConnection work) {
        tx.dsl().connection(work::run);
    }

    /** What was told first, then a before and an after for each owner that is in the database. */
    final void assertTold(String... failedThenOwners) {
        List<String> expected = new ArrayList<>();
        List<String> committed = new ArrayList<>();
        for (String item : failedThenOwners) {
            (item.startsWith("failed") ? expected : committed).add(item);
        }
        committed.forEach(owner -> expected.add("before INSERT " + owner));
        committed.forEach(owner -> expected.add("after INSERT " + owner));
        assertThat(told.events()).containsExactlyElementsOf(expected);
        assertThat(owners(database)).containsExactlyElementsOf(committed);
    }
}
