package dev.commithooks.faults;

import static dev.commithooks.faults.Told.owners;
import static dev.commithooks.faults.Told.store;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.transaction.TransactionInDoubtException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.jooq.DSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is done on the driver's own connection, below the one that is watched, is noticed when something follows from it. */
@Database
@NeedsRealCommits("the driver's own connection")
class BelowTheConnectionTest {

    private final TestDatabase database;
    private final Told told = new Told();
    private final Connection driver;
    private final DSLContext dsl;

    BelowTheConnectionTest(TestDatabase database) throws SQLException {
        this.database = database;
        this.driver = database.simpleDataSource().getConnection();
        this.dsl = told.attachTo(database.dsl(driver));
    }

    @AfterEach
    void closeConnection() throws SQLException {
        driver.close();
    }

    @Test
    void rollbackToASavepointThatWasSetThereIsInDoubt() {
        Throwable thrown = catchThrowable(() -> dsl.transaction(tx -> {
            store(tx, "ann");
            try (Statement unseen = driver.createStatement()) {
                unseen.execute("savepoint s");
            }
            store(tx, "bob");
            tx.dsl().execute("rollback to savepoint s");
        }));

        assertThat(thrown).isInstanceOf(TransactionInDoubtException.class);
        assertThat(told.events()).containsExactly("inDoubt INSERT ann", "inDoubt INSERT bob");
        assertThat(owners(database)).containsExactly("ann");
    }

    @Test
    @Needs(Ability.POSTGRESQL)
    void commitThereThatIsFollowedByACloseIsNotReportedAsRolledBack() {
        Throwable thrown = catchThrowable(() -> dsl.transaction(tx -> {
            store(tx, "ann");
            driver.commit();
            tx.dsl().fetchValue("select 1");
            tx.dsl().connection(Connection::close);
        }));

        assertThat(thrown).isInstanceOf(TransactionInDoubtException.class);
        assertThat(told.events()).containsExactly("inDoubt INSERT ann");
        assertThat(owners(database)).containsExactly("ann");
    }

    /** The text has set the savepoint again before it failed, or has not: nobody says. */
    @Test
    void rollbackToASavepointThatAFailingTextMayHaveSetAgainTellsNoRowAsFailedThatIsThere() {
        Throwable thrown = catchThrowable(() -> dsl.transaction(tx -> {
            tx.dsl().execute("savepoint s");
            store(tx, "ann");
            catchThrowable(() -> tx.dsl().execute("savepoint s; select nothing from nowhere"));
            tx.dsl().execute("rollback to savepoint s");
        }));

        assertThat(thrown).isInstanceOf(TransactionInDoubtException.class);
        assertThat(told.events()).containsExactly("inDoubt INSERT ann");
    }
}
