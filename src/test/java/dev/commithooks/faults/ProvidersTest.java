package dev.commithooks.faults;

import static dev.commithooks.faults.Told.owners;
import static dev.commithooks.faults.Told.store;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.TransactionContext;
import org.jooq.TransactionProvider;
import org.jooq.impl.DataSourceConnectionProvider;
import org.jooq.impl.DefaultTransactionProvider;
import org.jooq.impl.ThreadLocalTransactionProvider;
import org.jooq.tools.jdbc.MockResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same promises on every transaction provider and every way to run a transaction. */
@Database
class ProvidersTest {

    private final TestDatabase database;
    private final Told told = new Told();

    ProvidersTest(TestDatabase database) {
        this.database = database;
    }

    @ParameterizedTest
    @EnumSource
    void committedTreeFiresOnceAndInOrder(Source source) {
        DSLContext dsl = told.attachTo(source.plain(database));

        String result = dsl.transactionResult(tx -> {
            store(tx, "ann");
            tx.dsl().transaction(nested -> {
                store(nested, "bob");
                nested.dsl().transaction(deeper -> store(deeper, "cid"));
            });
            store(tx, "dan");
            return "result";
        });

        assertThat(result).isEqualTo("result");
        assertThat(told.events())
                .containsExactly(
                        "before INSERT ann",
                        "before INSERT bob",
                        "before INSERT cid",
                        "before INSERT dan",
                        "after INSERT ann",
                        "after INSERT bob",
                        "after INSERT cid",
                        "after INSERT dan");
        assertThat(owners(database)).containsExactly("ann", "bob", "cid", "dan");
        Source.close(dsl);
    }

    @ParameterizedTest
    @EnumSource
    void rolledBackNestedTransactionFailsAlone(Source source) {
        DSLContext dsl = told.attachTo(source.plain(database));

        dsl.transaction(tx -> {
            store(tx, "ann");
            assertThatThrownBy(() -> tx.dsl().transaction(nested -> {
                        store(nested, "bob");
                        nested.dsl().transaction(deeper -> store(deeper, "cid"));
                        throw new IllegalStateException("nested");
                    }))
                    .hasMessage("nested");
        });

        assertThat(told.events())
                .containsExactly(
                        "failed INSERT bob SAVEPOINT",
                        "failed INSERT cid SAVEPOINT",
                        "before INSERT ann",
                        "after INSERT ann");
        assertThat(owners(database)).containsExactly("ann");
        Source.close(dsl);
    }

    @ParameterizedTest
    @EnumSource
    void rolledBackTransactionFails(Source source) {
        DSLContext dsl = told.attachTo(source.plain(database));

        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    store(tx, "ann");
                    tx.dsl().transaction(nested -> store(nested, "bob"));
                    throw new IllegalStateException("work");
                }))
                .hasMessage("work");

        assertThat(told.events()).containsExactly("failed INSERT ann WORK", "failed INSERT bob WORK");
        assertThat(owners(database)).isEmpty();
        Source.close(dsl);
    }

    @ParameterizedTest
    @EnumSource
    void autocommitIsRestored(Source source) throws SQLException {
        DSLContext plain = source.plain(database);
        DSLContext dsl = told.attachTo(plain);
        boolean before = autoCommit(dsl);

        dsl.transaction(tx -> store(tx, "ann"));
        assertThat(autoCommit(dsl)).isEqualTo(before);
        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    throw new IllegalStateException("work");
                }))
                .hasMessage("work");

        assertThat(autoCommit(dsl)).isEqualTo(before);
        Source.close(dsl);
    }

    private static boolean autoCommit(DSLContext dsl) {
        return dsl.connectionResult(Connection::getAutoCommit);
    }

    @ParameterizedTest
    @EnumSource(names = {"DATA_SOURCE", "POOL", "MANUAL_COMMIT_POOL", "EXPLICIT_DEFAULT", "THREAD_LOCAL"})
    void afterHookMayOpenATransactionOfItsOwn(Source source) {
        DSLContext dsl = told.doing((event, ctx) -> {
                    if (event.equals("after INSERT ann")) {
                        ctx.dsl().transaction(tx -> store(tx, "bob"));
                    }
                })
                .attachTo(source.plain(database));

        dsl.transaction(tx -> store(tx, "ann"));

        assertThat(told.events())
                .containsExactly("before INSERT ann", "after INSERT ann", "before INSERT bob", "after INSERT bob");
        assertThat(owners(database)).containsExactly("ann", "bob");
    }

    @Test
    void withoutSavepointsTheInnerBoundaryMeansNothing() {
        DataSourceConnectionProvider connections = new DataSourceConnectionProvider(database.pool(1));
        DSLContext dsl = told.attachTo(database.configuration()
                .set(connections)
                .set(new DefaultTransactionProvider(connections, false))
                .dsl());

        dsl.transaction(tx -> {
            store(tx, "ann");
            assertThatThrownBy(() -> tx.dsl().transaction(nested -> {
                        store(nested, "bob");
                        throw new IllegalStateException("nested");
                    }))
                    .hasMessage("nested");
        });

        assertThat(told.events())
                .containsExactly("before INSERT ann", "before INSERT bob", "after INSERT ann", "after INSERT bob");
        assertThat(owners(database)).containsExactly("ann", "bob");
    }

    @Test
    void customDelegateIsCalledForEachLevel() {
        List<String> calls = new ArrayList<>();
        TransactionProvider plain = new DefaultTransactionProvider(new DataSourceConnectionProvider(database.pool(1)));
        DSLContext dsl = told.attachTo(database.configuration()
                .set(new TransactionProvider() {
                    @Override
                    public void begin(TransactionContext ctx) {
                        calls.add("begin");
                        plain.begin(ctx);
                    }

                    @Override
                    public void commit(TransactionContext ctx) {
                        calls.add("commit");
                        plain.commit(ctx);
                    }

                    @Override
                    public void rollback(TransactionContext ctx) {
                        calls.add("rollback");
                        plain.rollback(ctx);
                    }
                })
                .dsl());

        dsl.transaction(tx -> {
            store(tx, "ann");
            assertThatThrownBy(() -> tx.dsl().transaction(nested -> {
                        store(nested, "bob");
                        throw new IllegalStateException("nested");
                    }))
                    .hasMessage("nested");
        });

        assertThat(calls).containsExactly("begin", "begin", "rollback", "commit");
        assertThat(told.events())
                .containsExactly("failed INSERT bob SAVEPOINT", "before INSERT ann", "after INSERT ann");
        assertThat(owners(database)).containsExactly("ann");
    }

    @Test
    void jooqsOwnThreadLocalProviderIsRefusedWithAWayOut() {
        Configuration configuration = database.configuration()
                .set(new ThreadLocalTransactionProvider(new DataSourceConnectionProvider(database.pool(1))));

        assertThatThrownBy(() -> told.attachTo(configuration.dsl()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("threadLocalTransactionProvider");
    }

    @Test
    void partDroppedByALaterDeriveIsFoundAtBegin() {
        DSLContext dsl = told.attachTo(database.dsl(database.pool(1)));
        Configuration stripped = dsl.configuration().derive(new org.jooq.RecordListenerProvider[0]);
        Configuration silenced = dsl.configuration().derive(new org.jooq.TransactionListenerProvider[0]);
        Configuration executed = dsl.configuration().derive(new org.jooq.ExecuteListenerProvider[0]);

        for (Configuration broken : List.of(stripped, silenced, executed)) {
            assertThatThrownBy(() -> broken.dsl().transaction(tx -> store(tx, "never")))
                    .hasMessageContaining("deriveAppending");
        }

        assertThat(owners(database)).isEmpty();
        assertThat(told.events()).isEmpty();
    }

    @Test
    @Needs(Ability.SESSIONS_THAT_END)
    void derivedConnectionAndMockBehaveAsInPlainJooq() throws SQLException {
        DSLContext dsl = told.attachTo(database.dsl(database.pool(1)));

        try (Connection other = database.simpleDataSource().getConnection()) {
            long session = database.session(database.dsl(other));
            dsl.configuration().derive(other).dsl().transaction(tx -> {
                assertThat(database.session(tx.dsl())).isEqualTo(session);
                store(tx, "ann");
            });
            assertThat(other.getAutoCommit()).isTrue();
        }
        Integer mocked = dsl.mockResult(
                ctx -> new MockResult[] {new MockResult(7)},
                mock -> mock.dsl().transactionResult(tx -> tx.dsl().execute("update nothing")));

        assertThat(mocked).isEqualTo(7);
        assertThat(told.events()).containsExactly("before INSERT ann", "after INSERT ann");
        assertThat(owners(database)).containsExactly("ann");
    }
}
