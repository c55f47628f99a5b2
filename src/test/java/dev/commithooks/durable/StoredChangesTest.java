package dev.commithooks.durable;

import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.shop.tables.records.BookRecord;
import dev.commithooks.change.Inserted;
import dev.commithooks.change.TableChanges;
import dev.commithooks.change.Updated;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.hook.AfterCommitHooks;
import dev.commithooks.hook.HookContext;
import dev.commithooks.hook.HookOptions;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is stored: its size, its order, and what becomes of it when the table has changed before it is delivered. */
@Database
class StoredChangesTest {

    private final TestDatabase database;
    private final DbSchedulerDelivery node;
    private final List<Seen> seen = new CopyOnWriteArrayList<>();

    /** A book that the hook was called with. */
    private record Seen(String title, BigDecimal price, boolean knowsTitle, long sequence) {}

    StoredChangesTest(TestDatabase database) {
        this.database = database;
        this.node = DbSchedulerDelivery.on(database.pool(4), Deliveries.QUICK);
    }

    @AfterEach
    void stopTheNode() {
        node.close();
    }

    private final class Notes implements AfterCommitHooks<BookRecord> {

        private final AtomicInteger sets = new AtomicInteger();

        @Override
        public void afterCommitInsert(Inserted<BookRecord> book, HookContext ctx) {
            note(book.row(), book.knows(BOOK.TITLE), ctx);
        }

        @Override
        public void afterCommitUpdate(Updated<BookRecord> book, HookContext ctx) {
            note(book.row(), book.knows(BOOK.TITLE), ctx);
        }

        @Override
        public void afterCommit(TableChanges<BookRecord> books, HookContext ctx) {
            sets.incrementAndGet();
        }

        private void note(BookRecord book, boolean knowsTitle, HookContext ctx) {
            seen.add(new Seen(
                    book.getTitle(),
                    book.getPrice(),
                    knowsTitle,
                    ctx.delivery().orElseThrow().sequence()));
        }
    }

    private final Notes notes = new Notes();

    private DSLContext attach() {
        return CommitHooks.builder()
                .register(BOOK, notes, HookOptions.durable("notes"))
                .durable(node)
                .build()
                .attachTo(DSL.using(database.pool(5), SQLDialect.POSTGRES));
    }

    private static long store(Configuration tx, String title) {
        BookRecord book = tx.dsl().newRecord(BOOK);
        book.setTitle(title);
        book.setPrice(BigDecimal.ONE);
        book.store();
        return book.getId();
    }

    private void deliver() {
        node.start();
        Deliveries.drained(node);
    }

    /** As if it had been stored by a version of the application that had another table. */
    private void rewrite(String written, String otherwise) {
        assertThat(database.dsl()
                        .execute(
                                "update hook_delivery set task_data ="
                                        + " convert_to(replace(convert_from(task_data, 'UTF8'), ?, ?), 'UTF8')",
                                written,
                                otherwise))
                .isEqualTo(1);
    }

    @Test
    void columnThatWasRenamedSinceIsFoundByItsFormerName() {
        node.renamedColumn("name", BOOK.TITLE);
        attach().transaction(tx -> store(tx, "Tehanu"));
        rewrite("\"title\"", "\"name\"");
        deliver();

        assertThat(seen).extracting(Seen::title).containsExactly("Tehanu");
    }

    @Test
    void columnThatIsGoneIsLeftOutAndOneThatIsNewIsUnknown() {
        attach().transaction(tx -> store(tx, "Tehanu"));
        rewrite("\"title\"", "\"name\"");
        deliver();

        assertThat(seen).extracting(Seen::knowsTitle).containsExactly(false);
        assertThat(seen).extracting(Seen::price).containsExactly(BigDecimal.ONE);
    }

    @Test
    void columnOfAnotherTypeIsNotGuessedAndTheParcelIsParkedUntilSomebodyHasMendedIt() {
        attach().transaction(tx -> store(tx, "Tehanu"));
        rewrite("\"Tehanu\"", "17");
        deliver();

        assertThat(seen).isEmpty();
        ParkedDelivery parked = node.parked().get(0);
        assertThat(parked.attempts()).isEqualTo(4);
        assertThat(parked.error()).contains("What was stored of column", "title");

        rewrite("\"title\":17", "\"title\":\"Tehanu\"");
        assertThat(node.retry(parked)).isTrue();
        Deliveries.drained(node);
        assertThat(seen).extracting(Seen::title).containsExactly("Tehanu");
    }

    @Test
    void longChangesAreSeveralParcels() {
        String title = "long ".repeat(80_000);
        attach().transaction(tx -> {
            for (int i = 0; i < 30; i++) {
                store(tx, title + i);
            }
        });
        assertThat(node.status().waiting()).as("three to a parcel").isEqualTo(10);
        deliver();

        assertThat(database.dsl().fetchCount(BOOK)).isEqualTo(30);
        assertThat(seen).hasSize(30);
        assertThat(seen)
                .extracting(Seen::title)
                .allMatch(found -> found.startsWith(title))
                .doesNotHaveDuplicates();
        assertThat(notes.sets).hasValue(10);
    }

    @Test
    void numbersOfARowsChangesRiseInTheOrderOfTheCommitsHoweverManyWriteIt() throws Exception {
        DSLContext dsl = attach();
        long id = dsl.transactionResult(tx -> store(tx, "Tehanu"));
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<?>> writers = new ArrayList<>();
        for (int thread = 0; thread < 4; thread++) {
            writers.add(threads.submit(() -> {
                for (int i = 0; i < 25; i++) {
                    dsl.transaction(tx -> raise(tx, id));
                }
            }));
        }
        threads.shutdown();
        for (Future<?> writer : writers) {
            ends(writer);
        }
        deliver();

        assertThat(seen).hasSize(101);
        assertThat(seen.stream()
                        .sorted(Comparator.comparing(Seen::sequence))
                        .map(each -> each.price().intValueExact()))
                .isSorted()
                .doesNotHaveDuplicates();
    }

    private static void raise(Configuration tx, long id) {
        BookRecord book =
                tx.dsl().selectFrom(BOOK).where(BOOK.ID.eq(id)).forUpdate().fetchSingle();
        book.setPrice(book.getPrice().add(BigDecimal.ONE));
        book.store();
    }

    private static void ends(Future<?> writer) throws InterruptedException {
        try {
            writer.get();
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        }
    }
}
