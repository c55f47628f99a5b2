package dev.commithooks.faults;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.bookshop.shop.Tables.REVIEW;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.bookshop.shop.tables.records.ReviewRecord;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.hook.HookContext;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import org.jooq.DSLContext;
import org.junit.jupiter.api.AfterEach;

/** A test of statements that are transactions of their own, on a pool of one connection. */
abstract class OneStatement {

    final TestDatabase database;
    final HikariDataSource pool;
    final Told told = new Told();

    OneStatement(TestDatabase database) {
        this.database = database;
        this.pool = database.pool(1); // what a statement does not give back, the next one misses
    }

    DSLContext dsl() {
        return told.attachTo(database.dsl(pool));
    }

    static void author(DSLContext dsl, String name) {
        var author = dsl.newRecord(AUTHOR);
        author.setName(name);
        author.store();
    }

    static AccountRecord account(DSLContext dsl, String owner) {
        AccountRecord account = dsl.newRecord(ACCOUNT);
        account.setOwner(owner);
        account.setBalance(BigDecimal.ONE);
        return account;
    }

    /** What was committed, in order. */
    List<String> written() {
        return database.journal().stream()
                .map(entry -> entry.table() + " " + entry.operation())
                .toList();
    }

    interface Writing {
        void on(HookContext ctx, String owner) throws Exception;
    }

    /** Hooks on all tables that note, and one of accounts that writes. */
    DSLContext writing(HookJournal journal, Writing writing) {
        return CommitHooks.builder()
                .registerAll(journal)
                .on(
                        ACCOUNT,
                        on -> on.beforeCommitInsert((account, ctx) -> writing.on(
                                ctx, Objects.requireNonNull(account.row().getOwner()))))
                .build()
                .attachTo(database.dsl(pool));
    }

    @AfterEach
    void connectionIsGivenBackInAutocommitMode() throws SQLException {
        assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
        try (Connection connection = pool.getConnection()) {
            assertThat(connection.getAutoCommit()).isTrue();
        }
    }

    static AccountRecord tooPoor(DSLContext dsl) {
        AccountRecord account = account(dsl, "ann");
        account.setBalance(new BigDecimal("-1"));
        return account;
    }

    static ReviewRecord ofNoBook(DSLContext dsl) {
        ReviewRecord review = dsl.newRecord(REVIEW);
        review.setBookId(4711L);
        review.setRating((short) 1);
        return review;
    }
}
