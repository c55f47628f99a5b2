package dev.commithooks.durable;

import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.TransactionSession;
import dev.commithooks.bookshop.shop.tables.records.BookRecord;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.hook.HookOptions;
import dev.commithooks.spring.SpringTransactions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.jooq.impl.DataSourceConnectionProvider;
import org.jooq.impl.DefaultConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Durable hooks in transactions that jOOQ's {@code dsl.transaction} does not begin. */
@Database
class OwnersTest {

    private final TestDatabase database;
    private final DbSchedulerDelivery node;
    private final List<String> calls = new CopyOnWriteArrayList<>();

    OwnersTest(TestDatabase database) {
        this.database = database;
        this.node = DbSchedulerDelivery.on(database.pool(4), Deliveries.QUICK);
    }

    @AfterEach
    void stopTheNode() {
        node.close();
    }

    private static void store(DSLContext dsl, String title) {
        BookRecord book = dsl.newRecord(BOOK);
        book.setTitle(title);
        book.store();
    }

    private void whatIsCommittedAndOnlyThatIsCalled() {
        assertThat(database.dsl().fetchCount(DSL.table("hook_delivery"))).isEqualTo(1);
        node.start();
        Deliveries.drained(node);

        assertThat(database.dsl().select(BOOK.TITLE).from(BOOK).fetch(BOOK.TITLE))
                .containsExactly("committed");
        assertThat(calls).containsExactly("committed");
    }

    @Test
    void springsTransactions() {
        DataSource pool = database.pool(2);
        SpringTransactions spring = new SpringTransactions();
        PlatformTransactionManager manager = spring.manage(new JdbcTransactionManager(pool));
        CommitHooks hooks = CommitHooks.builder()
                .owner(spring)
                .on(
                        BOOK,
                        HookOptions.durable("index"),
                        on -> on.afterCommitInsert(
                                (book, ctx) -> calls.add(book.row().getTitle())))
                .durable(node)
                .build();
        DSLContext dsl = hooks.attachTo(new DefaultConfiguration()
                .set(SQLDialect.POSTGRES)
                .set(new DataSourceConnectionProvider(new TransactionAwareDataSourceProxy(pool)))
                .set(SpringTransactions.provider(manager))
                .dsl());
        TransactionTemplate template = new TransactionTemplate(manager);

        template.executeWithoutResult(status -> store(dsl, "committed"));
        assertThatThrownBy(() -> template.executeWithoutResult(status -> {
                    store(dsl, "rolled back");
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");

        whatIsCommittedAndOnlyThatIsCalled();
    }

    @Test
    void sessions() {
        CommitHooks hooks = CommitHooks.builder()
                .on(
                        BOOK,
                        HookOptions.durable("index"),
                        on -> on.afterCommitInsert(
                                (book, ctx) -> calls.add(book.row().getTitle())))
                .durable(node)
                .build();
        DSLContext dsl = hooks.attachTo(DSL.using(database.pool(2), SQLDialect.POSTGRES));

        try (TransactionSession session = hooks.open(dsl)) {
            store(session.dsl(), "committed");
            session.commit();
            store(session.dsl(), "rolled back");
            session.rollback();
        }

        whatIsCommittedAndOnlyThatIsCalled();
    }
}
