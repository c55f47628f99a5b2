package dev.commithooks.timeline;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static dev.commithooks.bookshop.shop.Tables.STOCK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.CommitHooks;
import dev.commithooks.Transactions;
import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.bookshop.shop.tables.records.BookRecord;
import dev.commithooks.change.Inserted;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.hook.HookContext;
import dev.commithooks.hook.HookOptions;
import dev.commithooks.pictures.Pictures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The manual's timeline: its code is run, and its picture is what came of it. */
@Database
@NeedsRealCommits("the picture has a COMMIT's statements and no more")
class TimelinePictureTest {

    private final TestDatabase database;
    private final List<String> mails = new ArrayList<>();

    TimelinePictureTest(TestDatabase database) {
        this.database = database;
    }

    @Test
    void theTimelineOfATransactionWithSavepointsIsWhatHappened(@TempDir Path folder) throws IOException {
        Configuration configuration = database.dsl().configuration();
        Path file = folder.resolve("timeline.html");

        // region: timeline
        Timeline timeline = Timeline.ofLast(20);
        DSLContext dsl = CommitHooks.builder()
                .on(AUTHOR, HookOptions.named("mail"), on -> on.afterCommitInsert(this::welcome))
                .on(
                        BOOK,
                        HookOptions.named("shelf"),
                        on -> on.beforeCommitInsert(this::shelve).failedCommitInsert(this::regret))
                .observer(timeline)
                .build()
                .attachTo(configuration.deriveAppending(timeline.statements()).dsl());
        // endregion
        publish(dsl);
        // region: timeline
        timeline.writeTo(file);
        // endregion

        assertThat(database.dsl().fetchValues(BOOK.TITLE)).containsExactly("Ubik");
        assertThat(mails).containsExactly("not published: VALIS", "welcome, Dick");
        assertThat(Files.readString(file)).contains("publish", "rolled back");
        Pictures.assertIs(
                "timeline.svg", new TimelinePicture(timeline.transactions().get(0)).draw());
    }

    private static void publish(DSLContext dsl) {
        Transactions.with(dsl).name("publish").run(tx -> {
            AuthorRecord author = tx.dsl().newRecord(AUTHOR).with(AUTHOR.NAME, "Dick");
            author.store();
            tx.dsl().transaction(kept -> book(kept, author, "Ubik", "9780547572291"));
            try {
                tx.dsl().transaction(withdrawn -> {
                    book(withdrawn, author, "VALIS", "9780547572413");
                    throw new IllegalStateException("not yet");
                });
            } catch (IllegalStateException notYet) {
                tx.dsl().update(AUTHOR).set(AUTHOR.NAME, "Dick").execute();
            }
        });
    }

    private static void book(Configuration tx, AuthorRecord author, String title, String isbn) {
        tx.dsl()
                .newRecord(BOOK)
                .with(BOOK.AUTHOR_ID, author.getId())
                .with(BOOK.TITLE, title)
                .with(BOOK.ISBN, isbn)
                .store();
    }

    private void welcome(Inserted<AuthorRecord> author, HookContext ctx) {
        mails.add("welcome, " + author.row().getName());
    }

    private void shelve(Inserted<BookRecord> book, HookContext ctx) {
        ctx.dsl().insertInto(STOCK, STOCK.ISBN).values(book.row().getIsbn()).execute();
    }

    private void regret(Inserted<BookRecord> book, HookContext ctx) {
        mails.add("not published: " + book.row().getTitle());
    }
}
