package dev.commithooks.faults;

import static dev.commithooks.faults.Told.owners;
import static dev.commithooks.faults.Told.store;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Product;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.transaction.StatementRefusedException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.Test;

/** A record stored while no transaction of ours is open, on a connection that may be in one. */
@Database
class OutsideOnAConnectionTest {

    private final TestDatabase database;
    private final Told told = new Told();

    OutsideOnAConnectionTest(TestDatabase database) {
        this.database = database;
    }

    @Test
    void connectionInAutocommitModeIsFine() throws SQLException {
        try (Connection connection = database.simpleDataSource().getConnection()) {
            DSLContext dsl = told.attachTo(database.dsl(connection));
            store(dsl.configuration(), "ann");
            dsl.transaction(tx -> store(tx, "bob"));
        }

        assertThat(told.events())
                .containsExactly("before INSERT ann", "after INSERT ann", "before INSERT bob", "after INSERT bob");
        assertThat(owners(database)).containsExactly("ann", "bob");
    }

    @Test
    void transactionThatIsNotOursIsRefused() throws SQLException {
        try (Connection connection = database.simpleDataSource().getConnection()) {
            connection.setAutoCommit(false);
            DSLContext dsl = told.attachTo(database.dsl(connection));

            assertThatThrownBy(() -> store(dsl.configuration(), "ann"))
                    .isInstanceOf(StatementRefusedException.class)
                    .hasMessageContainingAll("autocommit", "dsl.transaction", "IGNORE");
            connection.commit();
        }
        assertThat(told.events()).isEmpty();
        assertThat(owners(database)).isEmpty();
    }

    @Test
    void poolWithoutAutocommitIsRefused() {
        DSLContext dsl = told.attachTo(Source.MANUAL_COMMIT_POOL.plain(database));

        assertThatThrownBy(() -> store(dsl.configuration(), "ann"))
                .isInstanceOf(StatementRefusedException.class)
                .hasMessageContaining("autoCommit");
        dsl.transaction(tx -> store(tx, "bob"));

        assertThat(told.events()).containsExactly("before INSERT bob", "after INSERT bob");
        assertThat(owners(database)).containsExactly("bob");
    }

    @Test
    void transactionOpenedByABeginStatementIsRefused() throws SQLException {
        try (Connection connection = database.simpleDataSource().getConnection()) {
            DSLContext dsl = told.attachTo(database.dsl(connection));
            dsl.execute("begin");

            assertThatThrownBy(() -> store(dsl.configuration(), "ann"))
                    // SQLite's driver refuses itself, since it begins by a BEGIN.
                    .isInstanceOf(
                            database.product() == Product.SQLITE
                                    ? DataAccessException.class
                                    : StatementRefusedException.class);
            if (database.product() != Product.SQLITE) { // which has undone the BEGIN, too
                dsl.execute("rollback");
            }
        }
        assertThat(told.events())
                .isEqualTo(
                        database.product() == Product.SQLITE
                                ? List.of("failed INSERT ann NOTHING_WRITTEN")
                                : List.of());
        assertThat(owners(database)).isEmpty();
    }
}
