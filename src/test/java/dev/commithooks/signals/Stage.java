package dev.commithooks.signals;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;

import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.fixture.TestDatabase;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DefaultConfiguration;

/** A database and somebody who listens: what a situation is played on, once with a listener of jOOQ's and once with a hook. */
final class Stage {

    /** A situation; what it throws is what the caller would see. */
    interface Situation {
        void play(Stage stage) throws Exception;
    }

    private final TestDatabase database;
    private final UnaryOperator<Configuration> listening;

    private Stage(TestDatabase database, UnaryOperator<Configuration> listening) {
        this.database = database;
        this.listening = listening;
    }

    /** Plays a situation on an empty database; the result is what rows are committed at its end. */
    static String rowsAfter(Situation situation, TestDatabase database, UnaryOperator<Configuration> listening) {
        database.reset();
        try {
            situation.play(new Stage(database, listening));
        } catch (Exception asThePageSays) {
            // What is heard and what is there is what counts.
        }
        return rows(database);
    }

    /** What is committed, asked on another connection. */
    static String rows(TestDatabase database) {
        List<String> rows = database.dsl()
                .selectFrom(ACCOUNT)
                .orderBy(ACCOUNT.ID)
                .fetch(account -> account.getOwner()
                        + (account.getBalance().signum() == 0
                                ? ""
                                : " "
                                        + account.getBalance()
                                                .stripTrailingZeros()
                                                .toPlainString()));
        return rows.isEmpty() ? "none" : String.join(", ", rows);
    }

    TestDatabase database() {
        return database;
    }

    /** jOOQ that somebody listens to. */
    DSLContext dsl() {
        return on(database.simpleDataSource());
    }

    DSLContext on(DataSource dataSource) {
        return on(new DefaultConfiguration().set(dataSource).set(SQLDialect.POSTGRES));
    }

    DSLContext on(Configuration configuration) {
        return listening.apply(configuration).dsl();
    }

    /** Executes a statement that nobody listens to. */
    void elsewhere(String sql) throws SQLException {
        try (Connection connection = database.simpleDataSource().getConnection()) {
            connection.createStatement().execute(sql);
        }
    }

    static AccountRecord account(DSLContext dsl, String owner) {
        AccountRecord account = dsl.newRecord(ACCOUNT);
        account.setOwner(owner);
        return account;
    }

    static void store(Configuration tx, String owner) {
        account(tx.dsl(), owner).store();
    }

    static void pay(AccountRecord account, int balance) {
        account.setBalance(BigDecimal.valueOf(balance));
        account.store();
    }
}
