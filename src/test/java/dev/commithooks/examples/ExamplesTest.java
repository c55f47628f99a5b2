package dev.commithooks.examples;

import static org.assertj.core.api.Assertions.assertThat;

import audit.Audit;
import bookshop.Bookshop;
import catalogue.Catalogue;
import delivery.Delivery;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import hello.Hello;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import pricing.Pricing;
import retry.Retry;
import twodatabases.TwoDatabases;

/** Runs each example as a user would, and reads what it prints. */
@Database
@ResourceLock(Resources.SYSTEM_OUT)
class ExamplesTest {

    private final TestDatabase database;

    ExamplesTest(TestDatabase database) {
        this.database = database;
    }

    @Test
    void helloFiresAfterTheCommitAndNotAfterARollback() {
        assertThat(outputOf(Hello::main)).isEqualTo(Documentation.output("hello"));
    }

    @Test
    void helloRunsOnAServerOfItsOwn() {
        assertThat(printed(Hello::main)).isEqualTo(Documentation.output("hello"));
    }

    @Test
    void bookshopKeepsIndexCacheAndMailboxInStep() {
        assertThat(outputOf(Bookshop::main))
                .contains(Documentation.output("bookshop savepoint"))
                .endsWith(Documentation.output("bookshop proof"))
                .doesNotContain("✗  ");
    }

    @Test
    void auditTellsOldAndNewValuesOfWhatWasCommitted() {
        assertThat(outputOf(Audit::main)).isEqualTo("""
                rolled back: better not
                insert author [1]
                  + {"id": 1, "name": "Ursula K. Le Guin"}
                insert book [1]
                  + {"id": 1, "price": 9.50, "title": "The Dispossessed", "version": 1, "author_id": 1}
                update book [1]
                  - {"price": 9.50, "version": 1}
                  + {"price": 8.00, "version": 2}
                delete book [1]
                  - {"id": 1, "tags": [], "price": 8.00, "title": "The Dispossessed", "format": "paperback", \
                "status": "draft", "version": 2, "author_id": 1}
                """);
    }

    @Test
    void catalogueStoresWhatCanBeStoredAndTellsOfEachLine() {
        assertThat(outputOf(Catalogue::main)).isEqualTo(Documentation.output("catalogue"));
    }

    @Test
    void retryTellsOfEachPaymentOnceAndOfTheFailedAttempt() {
        assertThat(outputOf(Retry::main)).isEqualTo(Documentation.output("retry"));
    }

    @Test
    void deliveryConfirmsEveryOrderWhoeverPullsThePlug() {
        assertThat(outputOf(Delivery::main)).isEqualTo(Documentation.output("delivery"));
    }

    @Test
    void twoDatabasesAgreeWhoeverPullsThePlug() {
        try (TestDatabase stock = TestDatabase.createOnASecondServer()) {
            assertThat(printed(none -> TwoDatabases.main(
                            database.jdbcUrl(),
                            database.user(),
                            database.password(),
                            stock.jdbcUrl(),
                            stock.user(),
                            stock.password())))
                    .isEqualTo(Documentation.output("two-databases"));
        }
    }

    @Test
    void pricingTellsOfEachRowOfAStatementAndRollsBackWhatAHookRefuses() {
        assertThat(outputOf(Pricing::main)).isEqualTo("""
                shop window: 1000 books, on average 1.45 cheaper
                1000 prices times 0.90
                times 0.10 is rolled back: Volume 1 would cost 0.54
                total: 13050.00
                """);
    }

    /** Runs an example on the test's database. */
    private String outputOf(Consumer<String[]> main) {
        return printed(none -> main.accept(new String[] {database.jdbcUrl(), database.user(), database.password()}));
    }

    static String printed(Consumer<String[]> main) {
        PrintStream console = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            main.accept(new String[0]);
        } finally {
            System.setOut(console);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }
}
