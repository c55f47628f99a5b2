package dev.commithooks.examples;

import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static dev.commithooks.bookshop.shop.Tables.STOCK;
import static dev.commithooks.examples.Rows.publish;
import static dev.commithooks.examples.Rows.sellAndReprice;
import static dev.commithooks.examples.Rows.stock;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.shop.tables.records.BookRecord;
import dev.commithooks.bookshop.shop.tables.records.StockRecord;
import dev.commithooks.change.Inserted;
import dev.commithooks.change.Updated;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.hook.HookContext;
import dev.commithooks.hook.HookOptions;
import dev.commithooks.policy.AfterCommitErrors;
import dev.commithooks.policy.BucketMode;
import dev.commithooks.policy.Bypass;
import dev.commithooks.policy.Cascade;
import dev.commithooks.policy.FailedHooks;
import dev.commithooks.policy.OldRows;
import dev.commithooks.policy.OutsideTransaction;
import dev.commithooks.resolver.PostgresOutcomeResolver;
import dev.commithooks.testing.HookContexts;
import dev.commithooks.transaction.StatementRefusedException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.TransactionProvider;
import org.jooq.impl.DSL;
import org.jooq.impl.DataSourceConnectionProvider;
import org.jooq.impl.DefaultConfiguration;
import org.jooq.impl.DefaultTransactionProvider;
import org.junit.jupiter.api.Test;

/** The recipes of the documentation, as they are printed there: hooks, and where they are attached. */
@Database
class RecipesTest {

    private final DataSource dataSource;
    private final List<String> news = new ArrayList<>();

    RecipesTest(TestDatabase database) {
        dataSource = database.simpleDataSource();
    }

    @Test
    void configurationWay() {
        CommitHooks hooks = priceNews();
        // region: install
        Configuration configuration = new DefaultConfiguration().set(dataSource).set(SQLDialect.POSTGRES);
        hooks.install(configuration);
        // endregion
        sellAndReprice(configuration.dsl());
        assertThat(news).containsExactly("was 9.50, is 8.00");
    }

    @Test
    void dslContextWay() {
        CommitHooks hooks = priceNews();
        DSLContext existing = DSL.using(dataSource, SQLDialect.POSTGRES);
        // region: attach
        DSLContext dsl = hooks.attachTo(existing); // from here on use dsl; existing fires nothing
        // endregion
        sellAndReprice(dsl);
        assertThat(news).containsExactly("was 9.50, is 8.00");
    }

    @Test
    void ownTransactionProvider() {
        CommitHooks hooks = priceNews();
        TransactionProvider yourProvider = new DefaultTransactionProvider(new DataSourceConnectionProvider(dataSource));
        Configuration configuration = new DefaultConfiguration().set(dataSource).set(SQLDialect.POSTGRES);
        // region: own-provider
        configuration.set(yourProvider); // first the provider: it stays, and is delegated to
        hooks.install(configuration);
        // endregion
        sellAndReprice(configuration.dsl());
        assertThat(news).containsExactly("was 9.50, is 8.00");
    }

    @Test
    void threadLocalProvider() {
        CommitHooks hooks = priceNews();
        Configuration configuration = new DefaultConfiguration().set(SQLDialect.POSTGRES);
        // region: thread-local
        configuration.set(CommitHooks.threadLocalTransactionProvider(new DataSourceConnectionProvider(dataSource)));
        hooks.install(configuration);

        DSLContext dsl = configuration.dsl();
        dsl.transaction(() -> publish(dsl, "The Dispossessed")); // no tx to hand around
        // endregion
        assertThatThrownBy(() -> dsl.transaction(() -> {
                    BookRecord book = dsl.fetchSingle(BOOK);
                    book.setPrice(new BigDecimal("8.00"));
                    book.store();
                    throw new IllegalStateException("too cheap");
                }))
                .hasMessage("too cheap");
        assertThat(news).containsExactly("stays 9.50: WORK by java.lang.IllegalStateException: too cheap");
    }

    // region: before
    void shelve(Inserted<BookRecord> book, HookContext ctx) {
        if (book.row().getIsbn() == null) {
            throw new IllegalArgumentException("no ISBN"); // rolls the transaction back
        }
        StockRecord stock = ctx.dsl().newRecord(STOCK);
        stock.setIsbn(book.row().getIsbn());
        stock.store(); // committed together with the book
    }
    // endregion

    @Test
    void beforeHooksWriteAndVeto() {
        CommitHooks hooks = CommitHooks.builder()
                .on(BOOK, on -> on.beforeCommitInsert(this::shelve))
                .on(STOCK, on -> on.afterCommitInsert((stock, ctx) -> news.add(stock.toString())))
                .build();
        DSLContext dsl = hooks.attachTo(DSL.using(dataSource, SQLDialect.POSTGRES));
        dsl.transaction(tx -> {
            BookRecord book = tx.dsl().newRecord(BOOK);
            book.setTitle("The Dispossessed");
            book.setIsbn("9781473216605");
            book.store();
        });
        assertThatThrownBy(() -> dsl.transaction(tx -> publish(tx.dsl(), "The Unfinished")))
                .hasMessage("no ISBN");
        assertThat(news).containsExactly("insert public.stock(isbn=9781473216605)");
        assertThat(dsl.fetchCount(BOOK)).isOne();
    }

    @Test
    void policies() {
        // region: policies
        CommitHooks hooks = CommitHooks.builder()
                .register(BOOK, new PriceNews(news), HookOptions.named("prices"))
                .buckets(BucketMode.NET) // several writes of one row: BUCKETED, NET, EVERY
                .cascade(Cascade.rounds(3)) // rows that before hooks write: once(), rounds(n), none()
                .failedHooks(FailedHooks.ON_FAILED_COMMIT) // or ON_EVERY_FAILURE
                .afterCommitErrors(AfterCommitErrors.LOG) // THROW, LOG, or a lambda
                .outsideTransaction(OutsideTransaction.REJECT) // RUN_NOW, WARN, REJECT, IGNORE
                .bypass(Bypass.REJECT) // DML that cannot be recorded: WARN, REJECT, IGNORE
                .oldRows(BOOK, OldRows.FROM_DATABASE) // or FROM_RECORD
                .build();
        // endregion
        assertThat(hooks.explain()).isEqualTo(Documentation.output("explain"));
        DSLContext dsl = hooks.attachTo(DSL.using(dataSource, SQLDialect.POSTGRES));
        sellAndReprice(dsl);
        BookRecord book = dsl.fetchSingle(BOOK);
        book.setPrice(BigDecimal.ONE);
        assertThatThrownBy(book::store)
                .isInstanceOf(StatementRefusedException.class)
                .hasMessageContaining("outsideTransaction(REJECT)");
        assertThatThrownBy(() ->
                        dsl.transaction(tx -> tx.dsl().truncate(BOOK).cascade().execute()))
                .isInstanceOf(StatementRefusedException.class)
                .hasMessageContaining("passes no record");
        assertThat(news).containsExactly("was 9.50, is 8.00");
    }

    @Test
    void hookIsTestedWithoutADatabase() {
        // region: unit-test
        BookRecord before = new BookRecord();
        before.setTitle("The Dispossessed");
        before.setPrice(new BigDecimal("9.50"));
        BookRecord after = before.copy();
        after.setPrice(new BigDecimal("8.00"));

        new PriceNews(news).afterCommitUpdate(Updated.of(BOOK, before, after), HookContexts.afterCommit());

        assertThat(news).containsExactly("was 9.50, is 8.00");
        // endregion
    }

    @Test
    void failureNote() {
        DSLContext dsl = CommitHooks.builder()
                .on(
                        BOOK,
                        HookOptions.named("shelves"),
                        on -> on.beforeCommitInsert((book, ctx) -> {
                            throw new IllegalStateException("no ISBN");
                        }))
                .build()
                .attachTo(DSL.using(dataSource, SQLDialect.POSTGRES));
        StringWriter trace = new StringWriter();
        catchThrowable(() -> dsl.transaction(tx -> publish(tx.dsl(), "Tehanu")))
                .printStackTrace(new PrintWriter(trace));

        assertThat(trace.toString()
                        .replaceAll("(?m)(^\tat .*\\R)+", "\tat …\n")
                        .replaceAll("transaction [\\w-]+ IS", "transaction … IS"))
                .startsWith(Documentation.output("failure-note"));
    }

    @Test
    void resolver() {
        DataSource another = dataSource;
        // region: resolver
        CommitHooks hooks = CommitHooks.builder()
                .register(BOOK, new PriceNews(news))
                .outcomeResolver(PostgresOutcomeResolver.builder(another)
                        .deadline(Duration.ofSeconds(5))
                        .build())
                .build();
        // endregion
        sellAndReprice(hooks.attachTo(DSL.using(dataSource, SQLDialect.POSTGRES)));
        assertThat(news).containsExactly("was 9.50, is 8.00");
    }

    private CommitHooks priceNews() {
        return CommitHooks.builder().register(BOOK, new PriceNews(news)).build();
    }
}
