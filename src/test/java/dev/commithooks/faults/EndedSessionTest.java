package dev.commithooks.faults;

import static dev.commithooks.faults.Told.owners;
import static dev.commithooks.faults.Told.store;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.spi.OutcomeResolver;
import dev.commithooks.transaction.TransactionInDoubtException;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The server ends a transaction's session, as its administrator may. */
@Database
@Needs({Ability.SESSIONS_THAT_END, Ability.NETWORK})
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
        DSLContext dsl = told.attachTo(database.dsl(database.pool(1)));

        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    store(tx, "ann");
                    terminate(tx.dsl());
                }))
                .isInstanceOf(TransactionInDoubtException.class);

        assertThat(told.events()).containsExactly("before INSERT ann", "inDoubt INSERT ann");
        assertThat(owners(database)).isEmpty();
    }

    @Test
    void beforeCommitIsFoundByTheResolver() {
        DSLContext dsl = told.attachTo(
                database.dsl(database.pool(1)), hooks -> hooks.outcomeResolver(SuitableResolver.of(database)));
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
                told.attachTo(database.dsl(database.pool(1)), hooks -> hooks.outcomeResolver(thenTerminating));
        assertThatThrownBy(() -> terminated.transaction(tx -> store(tx, "ann")))
                .isInstanceOf(DataAccessException.class);

        assertThat(told.events()).containsExactly("before INSERT ann", "failed INSERT ann COMMIT");
        assertThat(owners(database)).isEmpty();
        dsl.transaction(tx -> store(tx, "bob"));
        assertThat(owners(database)).containsExactly("bob");
    }

    @Test
    void duringTheWorkIsAFailureOfTheWork() {
        DSLContext dsl = told.attachTo(database.dsl(database.pool(1)));

        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    store(tx, "ann");
                    database.failByEndOf(tx.dsl());
                }))
                .isInstanceOf(DataAccessException.class);

        assertThat(told.events()).containsExactly("failed INSERT ann WORK");
        assertThat(owners(database)).isEmpty();
    }

    @Test
    void duringTheWorkAndSwallowedIsNoDoubt() {
        DSLContext dsl = told.attachTo(database.dsl(database.pool(1)));

        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    store(tx, "ann");
                    assertThatThrownBy(() -> database.failByEndOf(tx.dsl())).isInstanceOf(DataAccessException.class);
                }))
                .isInstanceOf(DataAccessException.class);

        assertThat(told.events()).last().isEqualTo("failed INSERT ann COMMIT");
        assertThat(owners(database)).isEmpty();
    }

    private void terminate(DSLContext dsl) {
        database.endSession(database.session(dsl));
    }
}
