package dev.commithooks.examples;

import static dev.commithooks.bookshop.shop.Keys.CUSTOMER_EMAIL_KEY;
import static dev.commithooks.bookshop.shop.Keys.PURCHASE_LINE__PURCHASE_LINE_PURCHASE_ID_FKEY;
import static dev.commithooks.bookshop.shop.Keys.PURCHASE__PURCHASE_CUSTOMER_ID_FKEY;
import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static dev.commithooks.bookshop.shop.Tables.CUSTOMER;
import static dev.commithooks.bookshop.shop.Tables.PURCHASE_LINE;
import static dev.commithooks.bookshop.shop.Tables.STOCK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import bookshop.Bookshop;
import dev.commithooks.CommitHooks;
import dev.commithooks.TransactionSession;
import dev.commithooks.Transactions;
import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.bookshop.shop.tables.records.BookRecord;
import dev.commithooks.bookshop.shop.tables.records.CustomerRecord;
import dev.commithooks.bookshop.shop.tables.records.PurchaseLineRecord;
import dev.commithooks.bookshop.shop.tables.records.PurchaseRecord;
import dev.commithooks.bookshop.shop.tables.records.StockRecord;
import dev.commithooks.change.Inserted;
import dev.commithooks.change.Updated;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
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
import dev.commithooks.policy.RetryPolicy;
import dev.commithooks.resolver.PostgresOutcomeResolver;
import dev.commithooks.storage.RecordGraph;
import dev.commithooks.storage.Storage;
import dev.commithooks.testing.HookContexts;
import dev.commithooks.transaction.StatementRefusedException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import jdk.jfr.Recording;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.TransactionProvider;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.jooq.impl.DataSourceConnectionProvider;
import org.jooq.impl.DefaultConfiguration;
import org.jooq.impl.DefaultTransactionProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The recipes of the documentation, as they are printed there. */
@Database
class RecipesTest {

    private final DataSource dataSource;
    private final List<String> news = new ArrayList<>();
    private int reservations;

    RecipesTest(TestDatabase database) {
        dataSource = database.simpleDataSource();
    }

    // region: class-hook
    record PriceNews(List<String> news) implements AfterCommitHooks<BookRecord>, FailedCommitHooks<BookRecord> {

        @Override
        public void afterCommitUpdate(Updated<BookRecord> book, HookContext ctx) {
            if (book.changed(BOOK.PRICE)) {
                news.add(
                        "was " + book.oldRow().getPrice() + ", is " + book.row().getPrice());
            }
        }

        @Override
        public void failedCommitUpdate(Updated<BookRecord> book, HookContext ctx) {
            news.add("stays " + book.oldRow().getPrice() + ": " + ctx.failure().orElseThrow());
        }
    }
    // endregion

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
                .on(
                        AUTHOR,
                        HookOptions.named("welcome"),
                        on -> on.afterCommitInsert((author, ctx) -> news.add("welcome")))
                .on(STOCK, HookOptions.named("shelf"), on -> on.afterCommit((stock, ctx) -> news.add("shelf")))
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
    void flightRecorder(TestDatabase database, @TempDir Path folder) throws Exception {
        Path file = folder.resolve("bookshop.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("dev.commithooks.Hook");
            recording.start();
            ExamplesTest.printed(none -> Bookshop.main(database.jdbcUrl(), database.user(), database.password()));
            recording.stop();
            recording.dump(file);
        }
        Path tool = Path.of(System.getProperty("java.home"), "bin", "jfr");
        Process jfr = new ProcessBuilder(tool.toString(), "print", "--events", "dev.commithooks.Hook", file.toString())
                .redirectErrorStream(true)
                .start();
        String printed = new String(jfr.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(printed.replaceAll("(startTime|duration|transaction|eventThread) = .*", "$1 = …"))
                .contains(Documentation.output("jfr"));
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

    private static BookRecord publish(DSLContext dsl, String title) {
        BookRecord book = dsl.newRecord(BOOK);
        book.setTitle(title);
        book.setPrice(new BigDecimal("9.50"));
        book.store();
        return book;
    }

    private static StockRecord stock(Configuration tx, String isbn, int copies) {
        StockRecord stock = tx.dsl().newRecord(STOCK);
        stock.setIsbn(isbn);
        stock.setQuantity(copies);
        stock.store();
        return stock;
    }

    @Test
    void recordsAreStoredWithTheirDependents() {
        DSLContext dsl = CommitHooks.builder()
                .on(
                        PURCHASE_LINE,
                        on -> on.afterCommitInsert(
                                (line, ctx) -> news.add("line " + line.row().getLineNo() + " of order "
                                        + line.row().getPurchaseId())))
                .build()
                .attachTo(DSL.using(dataSource, SQLDialect.POSTGRES));
        BookRecord tehanu = publish(dsl, "Tehanu");
        CustomerRecord ann = new CustomerRecord();
        ann.setName("Ann");
        ann.setEmail("ann@example.org");
        PurchaseRecord purchase = new PurchaseRecord();
        List<PurchaseLineRecord> lines = List.of(line(1, tehanu), line(2, tehanu));

        // region: store-graph
        Storage.on(dsl)
                .store(RecordGraph.of(ann)
                        .with(PURCHASE__PURCHASE_CUSTOMER_ID_FKEY, purchase)
                        .with(purchase, PURCHASE_LINE__PURCHASE_LINE_PURCHASE_ID_FKEY, lines));
        // endregion

        assertThat(news).containsExactly("line 1 of order 1", "line 2 of order 1");
        assertThat(purchase.getCustomerId()).isEqualTo(ann.getId()).isNotNull();
    }

    private static PurchaseLineRecord line(int number, BookRecord book) {
        PurchaseLineRecord line = new PurchaseLineRecord();
        line.setLineNo(number);
        line.setBookId(book.getId());
        line.setUnitPrice(BigDecimal.TEN);
        return line;
    }

    @Test
    void rowsAreFoundOrCreated() {
        DSLContext dsl = CommitHooks.builder()
                .on(
                        CUSTOMER,
                        on -> on.afterCommitInsert((customer, ctx) ->
                                news.add("welcome " + customer.row().getName())))
                .build()
                .attachTo(DSL.using(dataSource, SQLDialect.POSTGRES));

        for (int i = 0; i < 2; i++) {
            dsl.transaction(tx -> {
                // region: find-or-create
                CustomerRecord candidate = new CustomerRecord();
                candidate.setEmail("ann@example.org");
                candidate.setName("Ann");
                CustomerRecord ann = Storage.on(tx)
                        .findOrCreate(CUSTOMER_EMAIL_KEY, candidate)
                        .row();
                // endregion
                news.add(ann.getName() + " is here");
            });
        }

        assertThat(news).containsExactly("Ann is here", "welcome Ann", "Ann is here");
    }

    @Test
    void recordsFromOutsideAreWhatTheyWere() {
        DSLContext dsl = CommitHooks.builder()
                .on(
                        BOOK,
                        on -> on.afterCommitInsert(
                                (book, ctx) -> news.add(book.row().getTitle())))
                .build()
                .attachTo(DSL.using(dataSource, SQLDialect.POSTGRES));

        // region: records
        BookRecord book = new BookRecord();
        book.setTitle("Tehanu");

        Transactions.with(dsl).retry(RetryPolicy.attempts(3)).records(book).run(tx -> {
            book.store(); // inserts, in each attempt
            reserve(tx, book);
        });
        // endregion

        assertThat(reservations).isEqualTo(2);
        assertThat(news).containsExactly("Tehanu");
    }

    /** Loses the first time. */
    private void reserve(Configuration tx, BookRecord book) {
        if (++reservations == 1) {
            throw new DataAccessException("lost against another", new SQLException("lost", "40001"));
        }
        stock(tx, "isbn of " + book.getId(), 1);
    }
}
