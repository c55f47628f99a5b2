package dev.commithooks.examples;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static dev.commithooks.bookshop.shop.Tables.STOCK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.TransactionSession;
import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.bookshop.shop.tables.records.BookRecord;
import dev.commithooks.bookshop.shop.tables.records.StockRecord;
import dev.commithooks.change.Updated;
import dev.commithooks.hook.AfterCommitHooks;
import dev.commithooks.hook.FailedCommitHooks;
import dev.commithooks.hook.HookContext;
import dev.commithooks.hook.HookOptions;
import dev.commithooks.policy.AfterCommitErrors;
import dev.commithooks.policy.BucketMode;
import dev.commithooks.policy.Bypass;
import dev.commithooks.policy.Cascade;
import dev.commithooks.policy.FailedHooks;
import dev.commithooks.policy.OldRows;
import dev.commithooks.policy.OutsideTransaction;
import dev.commithooks.postgres.PostgresOutcomeResolver;
import dev.commithooks.testing.Database;
import dev.commithooks.testing.TestDatabase;
import dev.commithooks.transaction.StatementRefusedException;
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

/** The recipes of the documentation, as they are printed there. */
@Database
class RecipesTest {

    private final DataSource dataSource;
    private final List<String> news = new ArrayList<>();
    private final HookContext context = new NoContext();

    RecipesTest(TestDatabase database) {
        dataSource = database.simpleDataSource();
    }

    // region: class-hook
    static final class Catalogue implements AfterCommitHooks<BookRecord>, FailedCommitHooks<BookRecord> {

        private final List<String> news;

        Catalogue(List<String> news) {
            this.news = news;
        }

        @Override
        public void afterCommitUpdate(Updated<BookRecord> book, HookContext ctx) {
            if (book.changed(BOOK.PRICE)) {
                news.add(book.row().getTitle() + " was " + book.oldRow().getPrice() + ", is "
                        + book.row().getPrice());
            }
        }

        @Override
        public void failedCommitUpdate(Updated<BookRecord> book, HookContext ctx) {
            news.add(book.row().getTitle() + " stays as it is: "
                    + ctx.failure().orElseThrow().stage());
        }
    }
    // endregion

    @Test
    void configurationWay() {
        CommitHooks hooks = catalogue();
        // region: install
        Configuration configuration = new DefaultConfiguration().set(dataSource).set(SQLDialect.POSTGRES);
        hooks.install(configuration);
        // endregion
        sellAndReprice(configuration.dsl());
        assertThat(news).containsExactly("The Dispossessed was 9.50, is 8.00");
    }

    @Test
    void dslContextWay() {
        CommitHooks hooks = catalogue();
        DSLContext existing = DSL.using(dataSource, SQLDialect.POSTGRES);
        // region: attach
        DSLContext dsl = hooks.attachTo(existing); // from here on use dsl; existing fires nothing
        // endregion
        sellAndReprice(dsl);
        assertThat(news).containsExactly("The Dispossessed was 9.50, is 8.00");
    }

    @Test
    void ownTransactionProvider() {
        CommitHooks hooks = catalogue();
        TransactionProvider yourProvider = new DefaultTransactionProvider(new DataSourceConnectionProvider(dataSource));
        Configuration configuration = new DefaultConfiguration().set(dataSource).set(SQLDialect.POSTGRES);
        // region: own-provider
        configuration.set(yourProvider); // first the provider: it stays, and is delegated to
        hooks.install(configuration);
        // endregion
        sellAndReprice(configuration.dsl());
        assertThat(news).containsExactly("The Dispossessed was 9.50, is 8.00");
    }

    @Test
    void threadLocalProvider() {
        CommitHooks hooks = catalogue();
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
        assertThat(news).containsExactly("The Dispossessed stays as it is: WORK");
    }

    @Test
    void callbacks() {
        DSLContext dsl = CommitHooks.builder().build().attachTo(DSL.using(dataSource, SQLDialect.POSTGRES));
        // region: callbacks
        dsl.transaction(tx -> {
            CommitHooks.current(tx).onCommit(() -> news.add("published"));
            CommitHooks.current(tx).onRollback(failure -> news.add("not published: " + failure.stage()));
            publish(tx.dsl(), "The Dispossessed");
        });
        // endregion
        assertThat(news).containsExactly("published");
    }

    @Test
    void netBuckets() {
        // region: net
        CommitHooks hooks = CommitHooks.builder()
                .buckets(BucketMode.NET)
                .on(
                        STOCK,
                        on -> on.afterCommit(
                                (stock, ctx) -> news.add(stock.all().toString())))
                .build();
        // endregion
        DSLContext dsl = hooks.attachTo(DSL.using(dataSource, SQLDialect.POSTGRES));
        dsl.transaction(tx -> {
            StockRecord stock = stock(tx, "978", 3);
            stock.setQuantity(4);
            stock.store();
            stock(tx, "979", 3).delete();
        });
        assertThat(news).containsExactly("[insert public.stock(isbn=978, quantity=4)]");
    }

    @Test
    void beforeHooksWriteAndVeto() {
        // region: before
        CommitHooks hooks = CommitHooks.builder()
                .on(
                        BOOK,
                        on -> on.named("shelf").beforeCommitInsert((book, ctx) -> {
                            if (book.row().getIsbn() == null) {
                                throw new IllegalArgumentException(
                                        "no ISBN: " + book.row().getTitle());
                            }
                            StockRecord stock = ctx.dsl().newRecord(STOCK);
                            stock.setIsbn(book.row().getIsbn());
                            stock.store(); // in the same transaction
                        }))
                .on(
                        STOCK,
                        on -> on.afterCommitInsert((stock, ctx) ->
                                news.add("on the shelf: " + stock.row().getIsbn())))
                .build();
        // endregion
        DSLContext dsl = hooks.attachTo(DSL.using(dataSource, SQLDialect.POSTGRES));
        dsl.transaction(tx -> {
            BookRecord book = tx.dsl().newRecord(BOOK);
            book.setTitle("The Dispossessed");
            book.setIsbn("978");
            book.store();
        });
        assertThatThrownBy(() -> dsl.transaction(tx -> publish(tx.dsl(), "The Unfinished")))
                .hasMessage("no ISBN: The Unfinished");
        assertThat(news).containsExactly("on the shelf: 978");
        assertThat(dsl.fetchCount(BOOK)).isOne();
    }

    @Test
    void policies() {
        // region: policies
        CommitHooks hooks = CommitHooks.builder()
                .register(
                        BOOK,
                        new Catalogue(news),
                        HookOptions.named("catalogue").order(10))
                .buckets(BucketMode.NET) // BUCKETED, EVERY: how several writes of a row become changes
                .cascade(Cascade.rounds(3)) // once(), none(): what becomes of rows that before hooks write
                .failedHooks(FailedHooks.ON_FAILED_COMMIT) // ON_EVERY_FAILURE: which failures failed hooks hear of
                .afterCommitErrors(AfterCommitErrors.LOG) // THROW, or a lambda: when after hooks throw
                .outsideTransaction(OutsideTransaction.REJECT) // RUN_NOW, WARN, IGNORE: records stored without
                .bypass(Bypass.REJECT) // WARN, IGNORE: DML that passes no record
                .oldRows(BOOK, OldRows.FROM_DATABASE) // FROM_RECORD: where old rows come from
                .build();
        // endregion
        DSLContext dsl = hooks.attachTo(DSL.using(dataSource, SQLDialect.POSTGRES));
        sellAndReprice(dsl);
        BookRecord book = dsl.fetchSingle(BOOK);
        book.setPrice(BigDecimal.ONE);
        assertThatThrownBy(book::store)
                .isInstanceOf(StatementRefusedException.class)
                .hasMessageContaining("outsideTransaction(REJECT)");
        assertThatThrownBy(() -> dsl.transaction(tx ->
                        tx.dsl().update(BOOK).set(BOOK.PRICE, BigDecimal.ONE).execute()))
                .isInstanceOf(StatementRefusedException.class)
                .hasMessageContaining("passes no record");
        assertThat(news).containsExactly("The Dispossessed was 9.50, is 8.00");
    }

    @Test
    void session() {
        CommitHooks hooks = CommitHooks.builder()
                .on(
                        BOOK,
                        on -> on.afterCommitInsert((book, ctx) ->
                                        news.add("after " + book.row().getTitle()))
                                .failedCommitInsert((book, ctx) ->
                                        news.add("failed " + book.row().getTitle())))
                .build();
        DSLContext dsl = hooks.attachTo(DSL.using(dataSource, SQLDialect.POSTGRES));
        // region: session
        try (TransactionSession session = hooks.open(dsl)) {
            publish(session.dsl(), "The Dispossessed");
            session.commit(); // after hooks fire here

            TransactionSession.Savepoint savepoint = session.savepoint();
            publish(session.dsl(), "Tehanu");
            savepoint.rollback(); // failed hooks of Tehanu fire here

            publish(session.dsl(), "Lavinia");
        } // was not committed, so is rolled back; failed hooks of Lavinia fire here
        // endregion
        assertThat(news).containsExactly("after The Dispossessed", "failed Tehanu", "failed Lavinia");
    }

    @Test
    void pending() {
        DSLContext dsl = CommitHooks.builder()
                .on(AUTHOR, on -> on.named("welcome").afterCommitInsert((author, ctx) -> news.add("welcome")))
                .on(STOCK, on -> on.named("shelf").afterCommit((stock, ctx) -> news.add("shelf")))
                .build()
                .attachTo(DSL.using(dataSource, SQLDialect.POSTGRES));
        // region: pending
        dsl.transaction(tx -> {
            author(tx, "Ursula K. Le Guin");
            tx.dsl().transaction(nested -> {
                stock(nested, "9781473216605", 4);
                CommitHooks.current(nested).onCommit(() -> news.add("committed"));
            });
            news.add(CommitHooks.current(tx).pending().toString());
        });
        // endregion
        assertThat(news.get(0).replaceFirst("transaction \\S+", "transaction …"))
                .isEqualTo(Documentation.output("pending"));
    }

    @Test
    void hookIsTestedWithoutADatabase() {
        // region: unit-test
        BookRecord before = new BookRecord();
        before.setTitle("The Dispossessed");
        before.setPrice(new BigDecimal("9.50"));
        BookRecord after = before.copy();
        after.setPrice(new BigDecimal("8.00"));

        new Catalogue(news).afterCommitUpdate(Updated.of(BOOK, before, after), context);

        assertThat(news).containsExactly("The Dispossessed was 9.50, is 8.00");
        // endregion
    }

    @Test
    void resolver() {
        DataSource another = dataSource;
        // region: resolver
        CommitHooks hooks = CommitHooks.builder()
                .register(BOOK, new Catalogue(news))
                .outcomeResolver(PostgresOutcomeResolver.builder(another)
                        .deadline(Duration.ofSeconds(5))
                        .build())
                .build();
        // endregion
        sellAndReprice(hooks.attachTo(DSL.using(dataSource, SQLDialect.POSTGRES)));
        assertThat(news).containsExactly("The Dispossessed was 9.50, is 8.00");
    }

    private CommitHooks catalogue() {
        return CommitHooks.builder().register(BOOK, new Catalogue(news)).build();
    }

    private static void sellAndReprice(DSLContext dsl) {
        dsl.transaction(tx -> publish(tx.dsl(), "The Dispossessed"));
        dsl.transaction(tx -> reprice(tx, "8.00"));
    }

    private static void author(Configuration tx, String name) {
        AuthorRecord author = tx.dsl().newRecord(AUTHOR);
        author.setName(name);
        author.store();
    }

    private static void reprice(Configuration tx, String price) {
        BookRecord book = tx.dsl().fetchSingle(BOOK);
        book.setPrice(new BigDecimal(price));
        book.store();
    }

    private static void publish(DSLContext dsl, String title) {
        BookRecord book = dsl.newRecord(BOOK);
        book.setTitle(title);
        book.setPrice(new BigDecimal("9.50"));
        book.store();
    }

    private static StockRecord stock(Configuration tx, String isbn, int copies) {
        StockRecord stock = tx.dsl().newRecord(STOCK);
        stock.setIsbn(isbn);
        stock.setQuantity(copies);
        stock.store();
        return stock;
    }
}
