package dev.commithooks.faults;

import static dev.commithooks.faults.Told.owners;
import static dev.commithooks.faults.Told.store;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.CommitHooks;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.SilentDriver;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.transaction.FailureStage;
import dev.commithooks.transaction.TransactionAbortedException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DataSourceConnectionProvider;
import org.jooq.impl.DefaultTransactionProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An SQL error that somebody swallows aborts the transaction: PostgreSQL rolls back, whatever COMMIT reports. */
@Database
@Needs(Ability.ABORTED_TRANSACTIONS)
class AbortedTransactionTest {

    private final TestDatabase database;
    private final Told told = new Told();

    AbortedTransactionTest(TestDatabase database) {
        this.database = database;
    }

    @ParameterizedTest
    @EnumSource
    void errorSwallowedFromJooqIsAFailedCommit(Source source) {
        DSLContext dsl = told.attachTo(source.plain(database));

        Throwable thrown = catchThrowable(() -> dsl.transaction(tx -> {
            store(tx, "ann");
            swallowFromJooq(tx);
        }));

        assertThat(thrown)
                .isInstanceOf(TransactionAbortedException.class)
                .hasMessageContaining("IS rolled back")
                .cause()
                .isInstanceOf(DataAccessException.class)
                .hasMessageContaining("nowhere");
        assertThat(told.events()).containsExactly("failed INSERT ann COMMIT");
        assertThat(told.failures()).singleElement().satisfies(failure -> {
            assertThat(failure.stage()).isEqualTo(FailureStage.COMMIT);
            assertThat(failure.cause()).containsSame(thrown);
            assertThat(failure.beforeRan()).isFalse();
        });
        assertThat(owners(database)).isEmpty();
        Source.close(dsl);
    }

    @ParameterizedTest
    @EnumSource
    void errorSwallowedFromPlainJdbcIsAFailedCommit(Source source) {
        DSLContext dsl = told.attachTo(source.plain(database));

        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    store(tx, "ann");
                    tx.dsl().connection(AbortedTransactionTest::swallowFromJdbc);
                }))
                .isInstanceOf(TransactionAbortedException.class);

        assertThat(told.events()).containsExactly("failed INSERT ann COMMIT");
        assertThat(owners(database)).isEmpty();
        Source.close(dsl);
    }

    @ParameterizedTest
    @EnumSource
    void nestedTransactionIsRefusedAndTheOuterOneHealed(Source source) {
        DSLContext dsl = told.attachTo(source.plain(database));

        dsl.transaction(tx -> {
            store(tx, "ann");
            assertThatThrownBy(() -> tx.dsl().transaction(nested -> {
                        store(nested, "bob");
                        swallowFromJooq(nested);
                    }))
                    .isInstanceOf(TransactionAbortedException.class)
                    .rootCause()
                    .hasMessageContaining("nowhere");
            assertThat(told.events()).containsExactly("failed INSERT bob SAVEPOINT");
            store(tx, "cid");
        });

        assertThat(told.events())
                .containsExactly(
                        "failed INSERT bob SAVEPOINT",
                        "before INSERT ann",
                        "before INSERT cid",
                        "after INSERT ann",
                        "after INSERT cid");
        assertThat(owners(database)).containsExactly("ann", "cid");
        Source.close(dsl);
    }

    @Test
    void nestedTransactionIsRefusedForAnErrorOfPlainJdbc() {
        DSLContext dsl = told.attachTo(database.dsl(database.pool(1)));

        dsl.transaction(tx -> {
            assertThatThrownBy(() -> tx.dsl().transaction(nested -> {
                        store(nested, "bob");
                        nested.dsl().connection(AbortedTransactionTest::swallowFromJdbc);
                    }))
                    .isInstanceOf(TransactionAbortedException.class);
            store(tx, "cid");
        });

        assertThat(told.events())
                .containsExactly("failed INSERT bob SAVEPOINT", "before INSERT cid", "after INSERT cid");
        assertThat(owners(database)).containsExactly("cid");
    }

    @Test
    void errorUndoneByASavepointAbortsNothing() {
        DSLContext dsl = told.attachTo(database.dsl(database.pool(1)));

        dsl.transaction(tx -> {
            store(tx, "ann");
            assertThatThrownBy(
                            () -> tx.dsl().transaction(nested -> nested.dsl().execute("select nothing from nowhere")))
                    .isInstanceOf(DataAccessException.class);
        });

        assertThat(told.events()).containsExactly("before INSERT ann", "after INSERT ann");
        assertThat(owners(database)).containsExactly("ann");
    }

    @Test
    void withoutSavepointsTheWholeTransactionFails() {
        DataSourceConnectionProvider connections = new DataSourceConnectionProvider(database.pool(1));
        DSLContext dsl = told.attachTo(database.configuration()
                .set(connections)
                .set(new DefaultTransactionProvider(connections, false))
                .dsl());

        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    store(tx, "ann");
                    tx.dsl().transaction(AbortedTransactionTest::swallowFromJooq);
                }))
                .isInstanceOf(TransactionAbortedException.class);

        assertThat(told.events()).containsExactly("failed INSERT ann COMMIT");
        assertThat(owners(database)).isEmpty();
    }

    @Test
    void errorSwallowedByABeforeHookIsAFailedCommit() {
        DSLContext dsl = told.doing((event, ctx) -> {
                    if (event.startsWith("before")) {
                        swallowFromJooq(ctx.dsl().configuration());
                    }
                })
                .attachTo(database.dsl(database.pool(1)));

        assertThatThrownBy(() -> dsl.transaction(tx -> store(tx, "ann")))
                .isInstanceOf(TransactionAbortedException.class)
                .rootCause()
                .hasMessageContaining("nowhere");

        assertThat(told.events()).containsExactly("before INSERT ann", "failed INSERT ann COMMIT");
        assertThat(told.failures())
                .singleElement()
                .satisfies(failure -> assertThat(failure.beforeRan()).isTrue());
        assertThat(owners(database)).isEmpty();
    }

    @Test
    void onlyCallbacksAreEnoughToRefuse() {
        DSLContext dsl = told.attachTo(database.dsl(database.pool(1)));

        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    CommitHooks.current(tx).onCommit(() -> told.note("onCommit"));
                    CommitHooks.current(tx).onRollback(failure -> told.note("onRollback " + failure.stage()));
                    tx.dsl().execute("insert into author (name) values ('ann')");
                    swallowFromJooq(tx);
                }))
                .isInstanceOf(TransactionAbortedException.class);

        assertThat(told.events()).containsExactly("onRollback COMMIT");
        assertThat(database.journal()).isEmpty();
    }

    @Test
    void whereTheDriverIsSilentTheServerIsAskedAfterAnErrorThatJooqSaw() {
        DSLContext dsl = told.attachTo(database.dsl(new DataSourceConnectionProvider(database.pool(1)) {
            @Override
            public Connection acquire() {
                return new SilentDriver(super.acquire());
            }
        }));

        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    store(tx, "ann");
                    swallowFromJooq(tx);
                }))
                .isInstanceOf(TransactionAbortedException.class);
        dsl.transaction(tx -> {
            store(tx, "bob");
            assertThatThrownBy(() -> tx.dsl().transaction(nested -> {
                        store(nested, "cid");
                        swallowFromJooq(nested);
                    }))
                    .isInstanceOf(TransactionAbortedException.class);
        });

        assertThat(told.events())
                .containsExactly(
                        "failed INSERT ann COMMIT",
                        "failed INSERT cid SAVEPOINT",
                        "before INSERT bob",
                        "after INSERT bob");
        assertThat(owners(database)).containsExactly("bob");
    }

    private static void swallowFromJooq(Configuration tx) {
        assertThatThrownBy(() -> tx.dsl().execute("select nothing from nowhere"))
                .isInstanceOf(DataAccessException.class);
    }

    private static void swallowFromJdbc(Connection connection) {
        assertThatThrownBy(() -> {
                    try (Statement statement = connection.createStatement()) {
                        statement.execute("select nothing from nowhere");
                    }
                })
                .isInstanceOf(SQLException.class);
    }
}
