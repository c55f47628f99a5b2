package dev.commithooks.faults;

import static dev.commithooks.faults.Told.owners;
import static dev.commithooks.faults.Told.store;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.Product;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.spi.OutcomeResolver;
import dev.commithooks.transaction.TransactionInDoubtException;
import java.util.List;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The server ends a transaction's session, as its administrator may. */
@Database
@Needs(Ability.SESSIONS_THAT_END)
class EndedSessionTest {

    private final TestDatabase database;
    private final Told told = new Told();

    EndedSessionTest(TestDatabase database) {
        this.database = database;
    }

    @BeforeEach
    void prepare() {
        SuitableResolver.prepare(database);
    }

    @Test
    void beforeCommitLeavesDoubtWithoutAResolver() {
        DSLContext dsl = told.attachTo(database.dsl(connections()));

        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    store(tx, "ann");
                    terminate(tx.dsl());
                }))
                .isInstanceOf(TransactionInDoubtException.class);

        assertThat(told.events())
                .containsExactlyElementsOf(
                        showsThatItIsGone()
                                ? List.of("inDoubt INSERT ann")
                                : List.of("before INSERT ann", "inDoubt INSERT ann"));
        assertThat(owners(database)).isEmpty();
    }

    @Test
    void beforeCommitIsFoundByTheResolver() {
        DSLContext dsl = told.attachTo(
                database.dsl(connections()), hooks -> hooks.outcomeResolver(SuitableResolver.of(database)));
        told.doing((event, ctx) -> {
            if (event.startsWith("failed")) {
                assertThat(ctx.dsl().fetchValue("select 1")).isEqualTo(1);
            }
        });

        // After the resolver's own question to the connection.
        OutcomeResolver thenTerminating = connection -> {
            OutcomeResolver.Inquiry inquiry = SuitableResolver.of(database).prepare(connection);
            terminate(database.dsl(connection));
            return inquiry;
        };
        DSLContext terminated =
                told.attachTo(database.dsl(connections()), hooks -> hooks.outcomeResolver(thenTerminating));
        assertThatThrownBy(() -> terminated.transaction(tx -> store(tx, "ann")))
                .isInstanceOf(DataAccessException.class);

        assertThat(told.events()).containsExactly("before INSERT ann", "failed INSERT ann COMMIT");
        assertThat(owners(database)).isEmpty();
        dsl.transaction(tx -> store(tx, "bob"));
        assertThat(owners(database)).containsExactly("bob");
    }

    @Test
    void duringTheWorkIsAFailureOfTheWork() {
        DSLContext dsl = told.attachTo(database.dsl(connections()));

        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    store(tx, "ann");
                    database.endItself(tx.dsl());
                }))
                .isInstanceOf(DataAccessException.class);

        assertThat(told.events())
                .containsExactly(showsThatItIsGone() ? "inDoubt INSERT ann" : "failed INSERT ann WORK");
        assertThat(owners(database)).isEmpty();
    }

    @Test
    void duringTheWorkAndSwallowedIsNoDoubt() {
        DSLContext dsl = told.attachTo(database.dsl(connections()));

        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    store(tx, "ann");
                    assertThatThrownBy(() -> database.endItself(tx.dsl())).isInstanceOf(DataAccessException.class);
                }))
                .isInstanceOf(showsThatItIsGone() ? TransactionInDoubtException.class : DataAccessException.class);

        assertThat(told.events())
                .last()
                .isEqualTo(showsThatItIsGone() ? "inDoubt INSERT ann" : "failed INSERT ann COMMIT");
        assertThat(owners(database)).isEmpty();
    }

    /** H2's driver shows that the transaction is gone, and not how it has ended: a statement that was not seen may have done that. */
    private boolean showsThatItIsGone() {
        return database.product() == Product.H2;
    }

    /** A pool does not learn from an error of H2's that a connection is dead, and would hand it out again. */
    private DataSource connections() {
        return database.product() == Product.H2 ? database.simpleDataSource() : database.pool(1);
    }

    private void terminate(DSLContext dsl) {
        database.endSession(database.session(dsl));
    }
}
