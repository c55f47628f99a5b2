package dev.commithooks.faults;

import static dev.commithooks.faults.Told.owners;
import static dev.commithooks.faults.Told.store;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.faults.FailingConnections.Point;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.transaction.TransactionInDoubtException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.TransactionContext;
import org.jooq.TransactionProvider;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DefaultTransactionProvider;
import org.junit.jupiter.api.Test;

/** Failures next to COMMIT where a transaction provider of the user's own begins and ends. */
class FailuresOfProvidersTest extends FailuresFixture {

    FailuresOfProvidersTest(TestDatabase database) {
        super(database);
    }

    @Test
    void failedCleanUpOfAnExplicitProviderIsNoFailedCommitEither() {
        connections.failAt(Point.AUTOCOMMIT_ON);
        DSLContext dsl = told.attachTo(explicit(new DefaultTransactionProvider(connections)));

        dsl.transaction(tx -> store(tx, "ann"));

        assertThat(told.events()).containsExactly("before INSERT ann", "after INSERT ann");
        assertThat(owners(database)).containsExactly("ann");
        connections.recover();
        assertIsAsGoodAsNew(dsl);
    }

    @Test
    void providerThatThrowsAfterItsCommitIsSeenThrough() {
        DSLContext dsl = told.attachTo(explicit(new ThrowingAfterCommit(new DefaultTransactionProvider(connections))));

        dsl.transaction(tx -> store(tx, "ann"));

        assertThat(told.events()).containsExactly("before INSERT ann", "after INSERT ann");
        assertThat(owners(database)).containsExactly("ann");
    }

    @Test
    void connectionGoesBackToAnExplicitProviderAsItWasGiven() {
        List<Connection> given = new ArrayList<>();
        List<Connection> gotBack = new ArrayList<>();
        DSLContext dsl = told.attachTo(explicit(new DefaultTransactionProvider(new FailingConnections(pool) {
            @Override
            public Connection acquire() {
                Connection connection = super.acquire();
                given.add(connection);
                return connection;
            }

            @Override
            public void release(Connection connection) {
                gotBack.add(connection);
                super.release(connection);
            }
        })));

        dsl.transaction(tx -> store(tx, "ann"));
        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    throw new IllegalStateException("work");
                }))
                .hasMessage("work");

        assertThat(gotBack).isEqualTo(given).hasSize(2);
    }

    /** Its connection is where nobody can see it: what its commit throws is judged by the exception alone. */
    @Test
    void providerWhoseConnectionCannotBeSeenIsInDoubt() throws SQLException {
        try (Connection connection = pool.getConnection()) {
            DSLContext dsl = told.attachTo(database.configuration()
                    .set(connection)
                    .set(new ThrowingAfterCommit(new OnOneConnection(connection)))
                    .dsl());

            assertThatThrownBy(() -> dsl.transaction(tx -> store(tx, "ann")))
                    .isInstanceOf(TransactionInDoubtException.class);
        }

        assertThat(told.events()).containsExactly("before INSERT ann", "inDoubt INSERT ann");
        assertThat(owners(database)).containsExactly("ann");
    }

    private DSLContext explicit(TransactionProvider provider) {
        return database.configuration().set(connections).set(provider).dsl();
    }

    private record ThrowingAfterCommit(TransactionProvider provider) implements TransactionProvider {

        @Override
        public void begin(TransactionContext ctx) {
            provider.begin(ctx);
        }

        @Override
        public void commit(TransactionContext ctx) {
            provider.commit(ctx);
            throw new IllegalStateException("after commit");
        }

        @Override
        public void rollback(TransactionContext ctx) {
            provider.rollback(ctx);
        }
    }

    private record OnOneConnection(Connection connection) implements TransactionProvider {

        private interface Work {
            void run() throws SQLException;
        }

        private static void doing(Work work) {
            try {
                work.run();
            } catch (SQLException e) {
                throw new DataAccessException(e.getMessage(), e);
            }
        }

        @Override
        public void begin(TransactionContext ctx) {
            doing(() -> connection.setAutoCommit(false));
        }

        @Override
        public void commit(TransactionContext ctx) {
            doing(() -> {
                connection.commit();
                connection.setAutoCommit(true);
            });
        }

        @Override
        public void rollback(TransactionContext ctx) {
            doing(() -> {
                connection.rollback();
                connection.setAutoCommit(true);
            });
        }
    }
}
