package dev.commithooks.databases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.commithooks.CommitHooks;
import dev.commithooks.Transactions;
import dev.commithooks.bookshop.shop.Tables;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.transaction.StatementRefusedException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.jooq.impl.DefaultTransactionProvider;
import org.jooq.tools.jdbc.MockConnection;
import org.jooq.tools.jdbc.MockResult;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A configuration whose SQL dialect is not that of the database on its connection: hooks would take one for the other. */
class DialectOfAnotherTest {

    private final Shop h2 = H2Test.made();

    @AfterEach
    void close() {
        h2.execute("shutdown immediately");
    }

    @ParameterizedTest
    @EnumSource(names = {"POSTGRES", "MYSQL", "MARIADB", "SQLITE"})
    void isRefusedBeforeAnythingIsSentInATransaction(SQLDialect dialect) {
        Shop shop = new Shop(h2.dataSource, dialect);

        assertThatThrownBy(() -> shop.dsl.transaction(
                        tx -> shop.author(tx.dsl(), 1, "Ann").store()))
                .isInstanceOf(StatementRefusedException.class)
                .hasMessageContaining("the SQL dialect of its configuration is " + dialect)
                .hasMessageContaining("org.h2.jdbc.JdbcConnection, leads to H2")
                .hasMessageContaining("Set SQLDialect.H2, in H2's compatibility modes, too.");
        assertThat(h2.rows()).isEmpty();
        assertThat(shop.told.drain()).isEmpty();
    }

    /** Whoever swallows the refusal has not done anything. */
    @Test
    void isRefusedAtEachStatement() {
        Shop shop = new Shop(h2.dataSource, SQLDialect.POSTGRES);

        shop.dsl.transaction(tx -> {
            for (int i = 1; i < 3; i++) {
                assertThatThrownBy(() -> shop.author(tx.dsl(), 1, "Ann").store())
                        .isInstanceOf(StatementRefusedException.class);
            }
        });
        assertThat(h2.rows()).isEmpty();
        assertThat(shop.told.drain()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"POSTGRES", "MYSQL", "MARIADB", "SQLITE"})
    void isRefusedOutsideTransactions(SQLDialect dialect) {
        h2.author(h2.plain(), 1, "Ann").store();
        HookJournal told = new HookJournal();
        List<String> afterwards = new ArrayList<>();
        for (CommitHooks hooks : List.of(
                CommitHooks.builder().registerAll(told).build(),
                CommitHooks.builder()
                        .on(Tables.AUTHOR, on -> on.afterCommitDelete((author, ctx) -> afterwards.add("told")))
                        .build())) {
            DSLContext dsl = hooks.attachTo(DSL.using(h2.dataSource, dialect, Shop.settings()));

            assertThatThrownBy(() -> h2.author(dsl, 1, "Ann").delete())
                    .isInstanceOf(StatementRefusedException.class)
                    .hasMessageContaining("Set SQLDialect.H2");
        }
        assertThat(h2.rows()).containsExactly("Ann");
        assertThat(told.drain()).isEmpty();
        assertThat(afterwards).isEmpty();
    }

    @Test
    void isRefusedInASession() {
        Shop shop = new Shop(h2.dataSource, SQLDialect.POSTGRES);

        try (var session = Transactions.with(shop.dsl).open()) {
            assertThatThrownBy(() -> shop.author(session.dsl(), 1, "Ann").store())
                    .isInstanceOf(StatementRefusedException.class);
        }
        assertThat(h2.rows()).isEmpty();
    }

    @Test
    void isRefusedUnderAProviderOfTheUsersOwn() {
        HookJournal told = new HookJournal();
        DSLContext plain = DSL.using(h2.dataSource, SQLDialect.POSTGRES, Shop.settings());
        plain.configuration()
                .set(new DefaultTransactionProvider(plain.configuration().connectionProvider()));
        DSLContext dsl = CommitHooks.builder().registerAll(told).build().attachTo(plain);

        assertThatThrownBy(() ->
                        dsl.transaction(tx -> h2.author(tx.dsl(), 1, "Ann").store()))
                .isInstanceOf(StatementRefusedException.class);
        assertThat(h2.rows()).isEmpty();
        assertThat(told.drain()).isEmpty();
    }

    @Test
    void isSeenThroughAPool() {
        try (HikariDataSource pool = new HikariDataSource()) {
            pool.setDataSource(h2.dataSource);
            Shop shop = new Shop(pool, SQLDialect.POSTGRES);

            assertThatThrownBy(() -> shop.dsl.transaction(
                            tx -> shop.author(tx.dsl(), 1, "Ann").store()))
                    .isInstanceOf(StatementRefusedException.class)
                    .hasMessageContaining("org.h2.jdbc.JdbcConnection");
        }
        assertThat(h2.rows()).isEmpty();
    }

    @Test
    void isSeenOnSqlite() throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:")) {
            HookJournal told = new HookJournal();
            DSLContext dsl = CommitHooks.builder()
                    .registerAll(told)
                    .build()
                    .attachTo(DSL.using(connection, SQLDialect.POSTGRES, Shop.settings()));

            assertThatThrownBy(() ->
                            dsl.transaction(tx -> h2.author(tx.dsl(), 1, "Ann").store()))
                    .isInstanceOf(StatementRefusedException.class)
                    .hasMessageContaining("leads to SQLite")
                    .hasMessageEndingWith("Set SQLDialect.SQLITE.");
        }
    }

    /** A connection that knows no driver by its class may be anything's. */
    @ParameterizedTest
    @EnumSource(names = {"POSTGRES", "MYSQL", "MARIADB", "SQLITE", "H2"})
    void isNotKnownOfMocks(SQLDialect dialect) {
        DSLContext dsl = CommitHooks.builder()
                .registerAll(new HookJournal())
                .build()
                .attachTo(DSL.using(
                        new MockConnection(ctx -> new MockResult[] {new MockResult(1)}), dialect, Shop.settings()));

        dsl.transaction(tx ->
                assertThat(tx.dsl().execute("update author set born = null")).isEqualTo(1));
    }

    @ParameterizedTest
    @EnumSource(names = {"POSTGRES", "MYSQL", "H2"})
    void isNotKnownOfUnknownDrivers(SQLDialect dialect) throws SQLException {
        try (Connection connection = h2.dataSource.getConnection()) {
            Connection strange = (Connection) Proxy.newProxyInstance(
                    getClass().getClassLoader(),
                    new Class<?>[] {Connection.class},
                    (proxy, method, arguments) ->
                            method.getName().equals("isWrapperFor") ? false : method.invoke(connection, arguments));
            DSLContext dsl = CommitHooks.builder()
                    .registerAll(new HookJournal())
                    .build()
                    .attachTo(DSL.using(strange, dialect, Shop.settings()));

            dsl.transaction(tx -> tx.dsl().fetch("select 1"));
        }
    }

    /** What the connection is asked for before a transaction's first statement. */
    @Test
    void isNotAskedForBeforeTheFirstStatement() {
        List<String> asked = new ArrayList<>();
        DataSource lazy = askedOf(asked);
        List<String> askedByJooq = new ArrayList<>(); // its versions ask for different things
        DSL.using(lazy, SQLDialect.H2).transaction(tx -> askedByJooq.addAll(asked));

        Shop shop = new Shop(lazy, SQLDialect.H2);
        asked.clear();
        shop.dsl.transaction(tx -> {
            assertThat(asked).contains("setAutoCommit").isSubsetOf(askedByJooq);
            shop.author(tx.dsl(), 1, "Ann").store();
        });
        assertThat(shop.rows()).containsExactly("Ann");
    }

    private DataSource askedOf(List<String> asked) {
        return (DataSource) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {DataSource.class}, (source, ofSource, none) -> {
                    Connection below = h2.dataSource.getConnection();
                    return Proxy.newProxyInstance(
                            getClass().getClassLoader(),
                            new Class<?>[] {Connection.class},
                            (proxy, method, arguments) -> {
                                asked.add(method.getName());
                                return method.invoke(below, arguments);
                            });
                });
    }
}
