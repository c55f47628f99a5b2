package dev.commithooks.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.transaction.TransactionInDoubtException;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** Spring's transaction is ended by plain JDBC on the connection that jOOQ hands out: what was written before is in doubt. */
@Database
class EndsByHandTest {

    private final TestDatabase database;
    private final HookJournal told = new HookJournal();

    EndsByHandTest(TestDatabase database) {
        this.database = database;
    }

    private interface End {
        void on(Connection connection) throws SQLException;
    }

    private SpringWorld ended(End end) {
        SpringWorld world = new SpringWorld(Managers.JDBC, database.pool(1), told);
        assertThatThrownBy(() -> world.template().executeWithoutResult(status -> {
                    world.store("ann");
                    world.dsl.connection(end::on);
                    world.store("bob");
                }))
                .isInstanceOf(TransactionInDoubtException.class);
        assertThat(world.told("in doubt")).containsExactly("insert account[1]");
        assertThat(world.told("after")).containsExactly("insert account[2]");
        return world;
    }

    @Test
    void aRollbackIsNoticed() {
        ended(Connection::rollback);

        assertThat(SpringWorld.committed(database)).containsExactly("insert account[2]");
    }

    @Test
    void aSwitchToAutocommitIsNoticedAsTheCommitThatItIs() {
        ended(connection -> {
            connection.setAutoCommit(true);
            connection.setAutoCommit(false);
        });

        assertThat(SpringWorld.committed(database)).containsExactly("insert account[1]", "insert account[2]");
    }
}
