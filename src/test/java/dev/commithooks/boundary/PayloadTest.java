package dev.commithooks.boundary;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.bookshop.shop.tables.records.BookRecord;
import dev.commithooks.change.Inserted;
import dev.commithooks.change.Updated;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.TestDatabase;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.junit.jupiter.api.Test;

/** What hooks are given: snapshots of their own, attached where they can be used. */
@Needs(Ability.ARRAYS)
@Database
class PayloadTest {

    private final List<String> told = new ArrayList<>();
    private final TestDatabase database;

    PayloadTest(TestDatabase database) {
        this.database = database;
    }

    private static BookRecord book(Configuration tx, String title) {
        BookRecord book = tx.dsl().newRecord(BOOK);
        book.setTitle(title);
        book.setTags(new String[] {"new"});
        book.store();
        return book;
    }

    @Test
    void whatTheCallerDoesToItsRecordLaterNeverShows() {
        DSLContext dsl = CommitHooks.builder()
                .on(
                        BOOK,
                        on -> on.afterCommitInsert((book, ctx) -> told.add(
                                book.row().getTitle() + " " + List.of(book.row().getTags()))))
                .build()
                .attachTo(database.dsl());

        dsl.transaction(tx -> {
            BookRecord book = book(tx, "as stored");
            String[] tags = book.getTags();
            tags[0] = "altered";
            book.setTitle("never stored");
        });

        assertThat(told).containsExactly("as stored [new]");
        assertThat(database.dsl().fetchSingle(BOOK).getTags()).containsExactly("new");
    }

    @Test
    void rowThatIsAskedOfAChangeWhenItsTransactionIsLongOverIsAttachedOutsideOfIt() {
        List<Inserted<BookRecord>> kept = new ArrayList<>();
        DSLContext dsl = CommitHooks.builder()
                .on(
                        BOOK,
                        on -> on.afterCommitInsert((book, ctx) -> kept.add(book))
                                .afterCommitUpdate(
                                        (book, ctx) -> told.add(book.row().getTitle())))
                .build()
                .attachTo(database.dsl());
        dsl.transaction(tx -> book(tx, "old"));

        BookRecord row = kept.get(0).row();
        assertThat(Objects.requireNonNull(row.configuration()).data()).isEmpty();
        row.setTitle("new");
        row.update();

        assertThat(told).containsExactly("new");
        assertThat(database.dsl().fetchSingle(BOOK).getTitle()).isEqualTo("new");
    }

    @Test
    void beforeHooksOutsideATransactionAreGivenTheRowAsAfterHooksAre() {
        List<Inserted<BookRecord>> kept = new ArrayList<>();
        DSLContext dsl = CommitHooks.builder()
                .on(
                        BOOK,
                        on -> on.beforeCommitInsert((book, ctx) -> kept.add(book))
                                .afterCommitInsert((book, ctx) -> kept.add(book)))
                .build()
                .attachTo(database.dsl());

        book(dsl.configuration(), "any");

        assertThat(kept).map(Inserted::key).map(Optional::isPresent).containsExactly(true, true);
        assertThat(kept).map(book -> book.row().getTitle()).containsExactly("any", "any");
    }

    @Test
    @Needs(Ability.NETWORK)
    void changeThatIsKeptKeepsNoOtherRowOfItsTransaction() {
        List<Inserted<BookRecord>> kept = new ArrayList<>();
        DSLContext dsl = CommitHooks.builder()
                .on(
                        BOOK,
                        on -> on.afterCommitInsert((book, ctx) -> {
                            if (book.row().getTitle().equals("kept")) {
                                kept.add(Objects.requireNonNull(
                                        ctx.changes().of(BOOK).inserted().get(0)));
                            }
                        }))
                .build()
                .attachTo(database.dsl());

        WeakReference<String> other = storeAnother(dsl);

        for (int i = 0; i < 100 && other.get() != null; i++) {
            System.gc();
        }
        assertThat(other.get()).isNull();
        assertThat(kept.get(0).row().getTitle()).isEqualTo("kept");
    }

    private static WeakReference<String> storeAnother(DSLContext dsl) {
        String title = new String("let go".toCharArray());
        dsl.transaction(tx -> {
            book(tx, "kept");
            book(tx, title);
        });
        return new WeakReference<>(title);
    }

    @Test
    void hookThatAltersItsCopyAltersNobodyElses() {
        DSLContext dsl = CommitHooks.builder()
                .on(
                        BOOK,
                        on -> on.afterCommitInsert((book, ctx) -> {
                                    book.row().setTitle("mine");
                                    book.row().getTags()[0] = "mine";
                                    told.add(book.row().getTitle());
                                })
                                .afterCommitInsert(
                                        (book, ctx) -> told.add(book.row().getTitle() + " "
                                                + List.of(book.row().getTags())))
                                .afterCommit((books, ctx) ->
                                        told.add(books.inserted().get(0).row().getTitle()
                                                + ctx.changes().of(BOOK).size())))
                .build()
                .attachTo(database.dsl());

        dsl.transaction(tx -> book(tx, "theirs"));

        assertThat(told).containsExactly("mine", "theirs [new]", "theirs1");
    }

    @Test
    void rowOfABeforeHookIsPartOfTheTransaction() {
        DSLContext dsl = CommitHooks.builder()
                .on(
                        BOOK,
                        on -> on.beforeCommitInsert((book, ctx) -> {
                            BookRecord row = book.row();
                            row.refresh();
                            told.add(row.getStatus());
                            row.setStatus("published");
                            row.update();
                        }))
                .build()
                .attachTo(database.dsl());

        dsl.transaction(tx -> book(tx, "b"));

        assertThat(told).containsExactly("draft");
        assertThat(database.dsl().fetchSingle(BOOK).getStatus()).isEqualTo("published");
    }

    @Test
    void rowOfAnAfterHookIsAttachedOutsideTheTransactionEvenOnAPoolOfOne() {
        HookJournal journal = new HookJournal();
        try (HikariDataSource pool = database.pool(1, config -> config)) {
            DSLContext dsl = CommitHooks.builder()
                    .on(
                            BOOK,
                            on -> on.afterCommitInsert((book, ctx) -> {
                                BookRecord row = book.row();
                                row.refresh();
                                ctx.dsl().transaction(tx -> {
                                    row.attach(tx);
                                    row.setStatus("published");
                                    row.update();
                                    CommitHooks.current(tx).onCommit(() -> told.add("inner committed"));
                                });
                                told.add(row.getStatus());
                            }))
                    .on(
                            BOOK,
                            on -> on.afterCommitUpdate(
                                    (book, ctx) -> journal.afterCommitUpdate(uncheckedCast(book), ctx)))
                    .build()
                    .attachTo(database.dsl(pool));

            dsl.transaction(tx -> book(tx, "b"));

            assertThat(told).containsExactly("inner committed", "published");
            assertThat(journal.events()).containsExactly("after update book[1]");
            assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
        }
        assertThat(database.dsl().fetchSingle(BOOK).getStatus()).isEqualTo("published");
    }

    @SuppressWarnings("unchecked")
    private static Updated<org.jooq.Record> uncheckedCast(Updated<?> updated) {
        return (Updated<org.jooq.Record>) updated;
    }

    @Test
    void contextNamesTheTransactionAndItsChanges() {
        DSLContext dsl = CommitHooks.builder()
                .on(
                        AUTHOR,
                        on -> on.afterCommitInsert((author, ctx) -> {
                            told.add(ctx.changes().tables().toString());
                            told.add(ctx.outcome().orElseThrow() + " " + ctx.failure());
                            told.add(ctx.transaction().depth() + " "
                                    + ctx.transaction().attempt());
                            assertThat(ctx.transaction().id()).isNotEmpty();
                        }))
                .on(BOOK, on -> on.afterCommitInsert((book, ctx) -> {}))
                .build()
                .attachTo(database.dsl());

        dsl.transaction(tx -> {
            book(tx, "b");
            AuthorRecord author = tx.dsl().newRecord(AUTHOR);
            author.setName("a");
            author.store();
        });

        assertThat(told)
                .containsExactly("[\"public\".\"book\", \"public\".\"author\"]", "COMMITTED Optional.empty", "0 1");
    }
}
