package dev.commithooks.jta;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.Transactions;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.RetryPolicy;
import dev.commithooks.policy.TransactionDefaults;
import dev.commithooks.transaction.IsolationLevel;
import dev.commithooks.transaction.Propagation;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.List;
import javax.sql.DataSource;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DefaultConfiguration;
import org.jooq.tools.jdbc.DefaultConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postgresql.xa.PGXADataSource;

/** What cannot be had under JTA, or is put together wrongly, is refused by its name before anything is sent. */
@Database
@NeedsRealCommits("XA connections")
class JtaRefusalsTest {

    private final TestDatabase database;
    private final HookJournal told = new HookJournal();
    private final JtaWorld world = new JtaWorld(told);

    JtaRefusalsTest(TestDatabase database) {
        this.database = database;
    }

    @AfterEach
    void close() {
        world.assertNothingIsLeft();
        world.close();
        assertThat(JtaWorld.owners(database)).isEmpty();
    }

    @Test
    void missingRegistryIsRefusedWithItsNames() {
        assertThatThrownBy(() -> new JtaTransactions(Narayana.manager(), null))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("java:comp/TransactionSynchronizationRegistry");
    }

    @Test
    void managerThatHasHooksIsRefused() {
        assertThatThrownBy(() -> new JtaTransactions(world.manager, Narayana.registry()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("twice");
    }

    /** As another manager's would, or as managers do that take none so late. */
    @Test
    void registryThatForgetsSynchronizationsCommitsNothingUntold() throws Exception {
        TransactionSynchronizationRegistry forgetful = (TransactionSynchronizationRegistry) Proxy.newProxyInstance(
                JtaRefusalsTest.class.getClassLoader(),
                new Class<?>[] {TransactionSynchronizationRegistry.class},
                (proxy, method, args) -> null);
        JtaTransactions jta = new JtaTransactions(Narayana.manager(), forgetful);
        DSLContext dsl = CommitHooks.builder()
                .owner(jta)
                .registerAll(told)
                .build()
                .attachTo(new DefaultConfiguration()
                        .set(SQLDialect.POSTGRES)
                        .set(jta.connections(
                                "shop",
                                world.pool(database.jdbcUrl(), database, 1, PGXADataSource.class, jta.manager())))
                        .set(jta.provider())
                        .dsl());

        assertThatThrownBy(() -> dsl.transaction(tx -> JtaWorld.store(tx.dsl(), "ann")))
                .hasStackTraceContaining("IS rolled back")
                .hasStackTraceContaining("has not called the synchronization");

        assertThat(told.events()).hasSize(1).allMatch(event -> event.startsWith("failed"));
    }

    @Test
    void halfAConfigurationIsRefused() {
        Configuration connections = new DefaultConfiguration()
                .set(SQLDialect.POSTGRES)
                .set(world.jta.connections("shop", database.realDataSource()));
        Configuration provider = new DefaultConfiguration()
                .set(SQLDialect.POSTGRES)
                .set(database.realDataSource())
                .set(world.jta.provider());

        for (Configuration half : List.of(connections, provider)) {
            assertThatThrownBy(() -> world.hooks.attachTo(half))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("Nothing was installed")
                    .hasMessageContaining("jta.provider()");
        }
    }

    @Test
    void configurationWithoutItsOwnerIsRefused() {
        CommitHooks without = CommitHooks.builder().registerAll(told).build();

        assertThatThrownBy(() -> without.attachTo(world.plain("shop", world.pool(database, 1))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("owner(");
    }

    @Test
    void connectionThatTakesNoPartInTheTransactionIsRefused() {
        DSLContext hikari = world.hooks.attachTo(new DefaultConfiguration()
                .set(SQLDialect.POSTGRES)
                .set(world.jta.connections("aside", database.pool(2)))
                .set(world.jta.provider())
                .dsl());
        DSLContext pastTheHooks = world.dsl(
                "container", world.pool(database.jdbcUrl(), database, 2, PGXADataSource.class, Narayana.manager()));
        DSLContext enlisted = world.dsl("shop", world.pool(database, 1));

        for (DSLContext outside : List.of(hikari, pastTheHooks)) {
            assertThatThrownBy(() -> world.inTransaction(() -> JtaWorld.store(outside, "ann")))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("takes no part in the JTA transaction")
                    .hasMessageContaining("nothing was sent");
        }
        assertThatThrownBy(() -> world.inTransaction(() -> {
                    enlisted.fetch("select 1");
                    JtaWorld.store(hikari, "ann");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("'aside'");

        assertThat(told.events()).isEmpty();
    }

    @Test
    void nestedTransactionWithoutSavepointsIsRefusedAndTheOuterOneGoesOn() {
        DataSource pool = world.pool(database, 1);
        DSLContext dsl = world.hooks.attachTo(new DefaultConfiguration()
                .set(SQLDialect.POSTGRES)
                .set(world.jta.connections("shop", withoutSavepoints(pool)))
                .set(world.jta.provider())
                .dsl());
        IllegalArgumentException own = new IllegalArgumentException("the end");

        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    JtaWorld.store(tx.dsl(), "ann");
                    assertThatThrownBy(() -> tx.dsl().transaction(nested -> JtaWorld.store(nested.dsl(), "bob")))
                            .isInstanceOf(DataAccessException.class)
                            .hasMessageContaining("is a savepoint, set by SQL, which the database refused")
                            .hasMessageContaining("nothing of it was run")
                            .hasMessageContaining("Run the block without one of its own")
                            .hasRootCauseInstanceOf(SQLFeatureNotSupportedException.class);
                    JtaWorld.store(tx.dsl(), "cat");
                    throw own;
                }))
                .isSameAs(own);

        assertThat(told.events()).containsExactly("failed WORK insert account[1]", "failed WORK insert account[2]");
    }

    /** As a database without them would answer. */
    private static DataSource withoutSavepoints(DataSource pool) {
        return (DataSource) Proxy.newProxyInstance(
                JtaRefusalsTest.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, args) -> {
                    Object result = method.invoke(pool, args);
                    return result instanceof Connection connection ? new WithoutSavepoints(connection) : result;
                });
    }

    private static final class WithoutSavepoints extends DefaultConnection {

        WithoutSavepoints(Connection connection) {
            super(connection);
        }

        @Override
        public PreparedStatement prepareStatement(String sql) throws SQLException {
            if (sql.startsWith("savepoint")) {
                throw new SQLFeatureNotSupportedException(sql);
            }
            return super.prepareStatement(sql);
        }
    }

    @Test
    void optionsOfABeginAreRefusedByName() {
        DSLContext dsl = world.dsl("shop", world.pool(database, 1));
        Transactions with = Transactions.with(dsl);

        assertRefused(
                "isolation(SERIALIZABLE)",
                () -> with.isolation(IsolationLevel.SERIALIZABLE).run(tx -> {}));
        assertRefused("readOnly()", () -> with.readOnly().run(tx -> {}));
        assertRefused("retry(", () -> with.retry(RetryPolicy.attempts(3)).run(tx -> {}));
        assertRefused("name(", () -> with.name("transfer").run(tx -> {}));
        assertRefused(
                "REQUIRES_NEW",
                () -> dsl.transaction(
                        tx -> with.propagation(Propagation.REQUIRES_NEW).run(inner -> {})));
        assertRefused("session", () -> world.hooks.open(dsl));
        assertThatThrownBy(() -> CommitHooks.builder()
                        .owner(world.jta)
                        .registerAll(told)
                        .transactionDefaults(TransactionDefaults.none().isolation(IsolationLevel.SERIALIZABLE))
                        .build()
                        .attachTo(world.plain("shop", world.pool(database, 1))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("JTA");
    }

    private static void assertRefused(String what, Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(what)
                .hasMessageContaining("JTA");
    }

    @Test
    void callbackOfAllDatabasesNeedsATransaction() {
        assertThatThrownBy(() -> world.jta.afterAllCommitted(() -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("was not run");
        assertThat(world.jta.globalId()).isEmpty();
    }

    @Test
    void propagationsThatNeedNoBeginAreMapped() {
        DSLContext dsl = world.dsl("shop", world.pool(database, 1));
        Transactions with = Transactions.with(dsl);

        assertThatThrownBy(() -> with.propagation(Propagation.MANDATORY).run(tx -> {}))
                .isInstanceOf(IllegalStateException.class);
        with.propagation(Propagation.NEVER).run(tx -> {});
        assertThatThrownBy(() -> with.propagation(Propagation.REQUIRED).run(tx -> {
                    JtaWorld.store(tx.dsl(), "ann");
                    assertThatThrownBy(() -> with.propagation(Propagation.NEVER).run(inner -> {}))
                            .isInstanceOf(IllegalStateException.class);
                    with.propagation(Propagation.MANDATORY)
                            .run(inner -> inner.dsl()
                                    .update(ACCOUNT)
                                    .set(ACCOUNT.OWNER, "anna")
                                    .execute());
                    with.propagation(Propagation.NESTED).run(inner -> JtaWorld.store(inner.dsl(), "bob"));
                    throw new IllegalArgumentException("all of it");
                }))
                .isInstanceOf(IllegalArgumentException.class);

        assertThat(told.events())
                .containsExactly(
                        "failed WORK insert account[1]",
                        "failed WORK insert account[2]",
                        "failed WORK update account[1]");
    }
}
