package dev.commithooks.examples;

import static dev.commithooks.bookshop.shop.Keys.CUSTOMER_EMAIL_KEY;
import static dev.commithooks.bookshop.shop.Keys.PURCHASE_LINE__PURCHASE_LINE_PURCHASE_ID_FKEY;
import static dev.commithooks.bookshop.shop.Keys.PURCHASE__PURCHASE_CUSTOMER_ID_FKEY;
import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static dev.commithooks.bookshop.shop.Tables.CUSTOMER;
import static dev.commithooks.bookshop.shop.Tables.PURCHASE_LINE;
import static dev.commithooks.bookshop.shop.Tables.STOCK;
import static dev.commithooks.examples.Rows.author;
import static dev.commithooks.examples.Rows.line;
import static dev.commithooks.examples.Rows.publish;
import static dev.commithooks.examples.Rows.stock;
import static org.assertj.core.api.Assertions.assertThat;

import bookshop.Bookshop;
import dev.commithooks.CommitHooks;
import dev.commithooks.TransactionSession;
import dev.commithooks.Transactions;
import dev.commithooks.bookshop.shop.tables.records.BookRecord;
import dev.commithooks.bookshop.shop.tables.records.CustomerRecord;
import dev.commithooks.bookshop.shop.tables.records.PurchaseLineRecord;
import dev.commithooks.bookshop.shop.tables.records.PurchaseRecord;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.hook.HookOptions;
import dev.commithooks.policy.RetryPolicy;
import dev.commithooks.storage.RecordGraph;
import dev.commithooks.storage.Storage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import jdk.jfr.Recording;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The recipes of transactions and of what they store, as they are printed in the documentation. */
@Database
class TransactionRecipesTest {

    private final DataSource dataSource;
    private final List<String> news = new ArrayList<>();
    private int reservations;

    TransactionRecipesTest(TestDatabase database) {
        dataSource = database.simpleDataSource();
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
