package dev.commithooks.timeline;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jooq.DSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Database
class TimelineTest {

    private final TestDatabase database;

    TimelineTest(TestDatabase database) {
        this.database = database;
    }

    @Test
    void aTransactionIsATreeOfSavepointsStatementsAndHooks() {
        Timeline timeline = Timeline.ofLast(9);
        Story.tell(database, timeline);

        String page = lines(timeline.html());
        assertThat(page)
                .containsSubsequence(
                        "2 transactions",
                        "transaction: transaction story &lt;script&gt;",
                        "statement: insert into",
                        "savepoint: savepoint released",
                        "statement: insert into",
                        "savepoint failed: savepoint rolled back",
                        "statement: insert into",
                        "statement failed: insert into author (name, email) values (…, …) org.postgresql",
                        "(SQLState 23514)",
                        "hook: greeter",
                        "failedCommitInsert public.author",
                        "statement: select count(*)",
                        "boundary: committed, hooks of 2 changes",
                        "afterCommitInsert public.author",
                        "afterCommitInsert public.author",
                        "transaction failed: transaction rolled back, BEFORE_HOOK, java.lang.IllegalStateException",
                        "statement: update",
                        "boundary: before COMMIT",
                        "hook failed: greeter",
                        "threw java.lang.IllegalStateException",
                        "boundary: rolled back");
        assertThat(database.dsl().fetchValues(AUTHOR.NAME)).containsExactly("Ursula & Ann", "kept " + Story.MARKUP);
        assertThat(page).contains("committed, 2 changes");
    }

    @Test
    void valuesOfRowsAreThereIfAskedForAndEscaped() {
        Timeline without = Timeline.ofLast(9);
        Story.tell(database, without);
        assertThat(without.html()).doesNotContain("secret", "Ursula", "withdrawn", "no address", "kept", "no &lt;");

        Timeline with = Timeline.ofLast(9).withRowValues();
        Story.tell(database, with);
        assertThat(with.html())
                .contains(
                        "secret",
                        "Ursula &amp; Ann",
                        "withdrawn",
                        "no address",
                        "kept &lt;script&gt;",
                        "no &lt;script&gt;")
                .doesNotContain("<script");
    }

    @Test
    void theLastTransactionsAreKept(@TempDir Path folder) throws IOException {
        Timeline timeline = Timeline.ofLast(2);
        DSLContext dsl = CommitHooks.builder().observer(timeline).build().attachTo(database.dsl());

        IntStream.range(0, 5)
                .forEach(i -> dsl.transaction(tx -> tx.dsl()
                        .transaction(nested -> CommitHooks.current(nested).onCommit(() -> {}))));

        timeline.writeTo(folder.resolve("page.html"));
        String page = Files.readString(folder.resolve("page.html"));
        assertThat(page).contains("<h1>2 transactions</h1>");
        assertThat(page.split("class=\"transaction\"")).hasSize(3);
        assertThatThrownBy(() -> Timeline.ofLast(0)).hasMessageContaining("ofLast(0)");
    }

    /** The page's entries, one a line. */
    private static String lines(String html) {
        String entries = Pattern.compile("(?s)^.*?<h1>").matcher(html).replaceFirst("");
        List<String> lines = Pattern.compile("<li class=\"([\\w ]+)\">")
                .matcher(entries)
                .replaceAll("\n$1: ")
                .lines()
                .map(line -> line.replaceAll("<[^>]*>", ""))
                .toList();
        return String.join("\n", lines);
    }
}
