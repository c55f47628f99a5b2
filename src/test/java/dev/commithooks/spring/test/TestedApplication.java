package dev.commithooks.spring.test;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.bookshop.shop.Tables.REVIEW;

import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.bookshop.shop.tables.records.ReviewRecord;
import dev.commithooks.change.Inserted;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.hook.AfterCommitHooks;
import dev.commithooks.hook.BeforeCommitHooks;
import dev.commithooks.hook.HookContext;
import dev.commithooks.spring.boot.AllTables;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.datasource.AbstractDataSource;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** An application of Spring Boot's whose tests are under test. Its database is that of the class that tests it. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({TestedApplication.Accounts.class, TestedApplication.Rules.class})
class TestedApplication {

    /** Set by the test that runs; contexts live as long as the JVM. */
    static @Nullable TestDatabase database;

    @Bean
    DataSource dataSource() {
        return new AbstractDataSource() {
            @Override
            public Connection getConnection() throws SQLException {
                return Objects.requireNonNull(database).simpleDataSource().getConnection();
            }

            @Override
            public Connection getConnection(String user, String password) {
                throw new UnsupportedOperationException("only as the one who owns it");
            }
        };
    }

    @Bean
    @AllTables
    HookJournal journal() {
        return new HookJournal();
    }

    /** Refuses some owners, makes others authors too, and cannot take yet others. */
    static class Rules implements BeforeCommitHooks<AccountRecord>, AfterCommitHooks<AccountRecord> {

        @Override
        public void beforeCommitInsert(Inserted<AccountRecord> account, HookContext ctx) {
            if (account.row().getOwner().equals("refused")) {
                throw new IllegalArgumentException("no account for the refused");
            }
        }

        @Override
        public void afterCommitInsert(Inserted<AccountRecord> account, HookContext ctx) {
            String owner = account.row().getOwner();
            if (owner.equals("author")) {
                AuthorRecord author = ctx.dsl().newRecord(AUTHOR);
                author.setName(owner);
                author.store();
            } else if (owner.equals("endless")) {
                Accounts.store(ctx.dsl(), owner);
            } else if (owner.equals("bad")) {
                throw new IllegalStateException("no mail for the bad");
            }
        }
    }

    /** A service. */
    static class Accounts {

        private final DSLContext dsl;

        Accounts(DSLContext dsl) {
            this.dsl = dsl;
        }

        static void store(DSLContext dsl, String owner) {
            AccountRecord account = dsl.newRecord(ACCOUNT);
            account.setOwner(owner);
            account.store();
        }

        @Transactional
        public void open(String owner) {
            store(dsl, owner);
        }

        @Transactional(propagation = Propagation.REQUIRES_NEW)
        public void openIndependently(String owner) {
            store(dsl, owner);
        }

        @Transactional
        public void openInPart(String kept, String undone) {
            store(dsl, kept);
            try {
                dsl.transaction(tx -> {
                    store(tx.dsl(), undone);
                    throw new IllegalArgumentException(undone);
                });
            } catch (IllegalArgumentException swallowed) {
                // the savepoint is rolled back
            }
        }

        /** The foreign key is checked by COMMIT. */
        @Transactional
        public void reviewNoBook() {
            ReviewRecord review = dsl.newRecord(REVIEW);
            review.setBookId(-1L);
            review.setRating((short) 5);
            review.store();
        }
    }
}
