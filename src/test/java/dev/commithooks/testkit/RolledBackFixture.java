package dev.commithooks.testkit;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.hook.AfterCommitHooks;
import dev.commithooks.testing.HookJournal;
import dev.commithooks.testing.RolledBackDatabase;
import dev.commithooks.testing.TestTransaction;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.conf.RenderNameCase;
import org.jooq.conf.Settings;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A database that is not PostgreSQL, rolled back after each test. */
abstract class RolledBackFixture {

    final HookJournal journal = new HookJournal();
    RolledBackDatabase rolledBack;
    DSLContext dsl;
    TestTransaction test;

    /** The real database, with a table {@code account}; what is in it stays. */
    abstract DataSource database();

    abstract SQLDialect dialect();

    /** Whether DDL is a part of the transaction. */
    abstract boolean keepsSchemaInTransaction();

    /** The class of the driver's connections. */
    abstract Class<? extends Connection> driver();

    /** What the table is made with. */
    static String table(String id, String quote) {
        return "create table \"account\" (\"id\" %s, \"owner\" varchar(80) not null unique, \"balance\" numeric(12, 2) default 0 not null)"
                .formatted(id)
                .replace("\"", quote);
    }

    @BeforeEach
    void rollBack() throws SQLException {
        execute(database(), "delete from " + name("account"));
        rolledBack = RolledBackDatabase.over(database());
        dsl = on(rolledBack);
    }

    @AfterEach
    void close() {
        if (test != null) {
            catchThrowable(test::close); // where its own test has failed before that
        }
    }

    DSLContext on(RolledBackDatabase data) {
        return journal.installIn(CommitHooks.builder().register(ACCOUNT, new AfterCommitHooks<AccountRecord>() {
                    @Override
                    public void afterCommitInsert(
                            dev.commithooks.change.Inserted<AccountRecord> account,
                            dev.commithooks.hook.HookContext ctx) {
                        // the journal notes it
                    }
                }))
                .build()
                .attachTo(plain(data.dataSource()));
    }

    DSLContext plain(DataSource data) {
        return DSL.using(
                data, dialect(), new Settings().withRenderSchema(false).withRenderNameCase(RenderNameCase.AS_IS));
    }

    String name(String identifier) {
        return plain(database()).render(DSL.name(identifier));
    }

    List<String> owners(DataSource data) {
        return plain(data)
                .select(ACCOUNT.OWNER)
                .from(ACCOUNT)
                .orderBy(ACCOUNT.OWNER)
                .fetch(ACCOUNT.OWNER);
    }

    static void store(DSLContext by, String owner) {
        AccountRecord account = by.newRecord(ACCOUNT);
        account.setOwner(owner);
        account.setBalance(BigDecimal.ONE);
        account.store();
    }

    List<String> told() {
        return journal.after(ACCOUNT).inserted().stream()
                .map(account -> account.row().getOwner())
                .toList();
    }

    static void execute(DataSource data, String sql) throws SQLException {
        try (Connection connection = data.getConnection()) {
            execute(connection, sql);
        }
    }

    static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    void insert(Connection connection, String owner) throws SQLException {
        execute(connection, "insert into " + name("account") + " (" + name("owner") + ") values ('" + owner + "')");
    }
}
