package dev.commithooks.seeing;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.CommitHooks;
import dev.commithooks.TransactionSession;
import dev.commithooks.Transactions;
import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.bookshop.shop.tables.records.BookRecord;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.hook.HookOptions;
import dev.commithooks.hook.PendingHooks;
import java.util.ArrayList;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;

@Database
class PendingTest {

    private final List<String> called = new ArrayList<>();
    private final CommitHooks hooks = CommitHooks.builder()
            .on(
                    AUTHOR,
                    HookOptions.named("check"),
                    on -> on.beforeCommitInsert((author, ctx) -> called.add("beforeCommitInsert 'check'")))
            .on(
                    AUTHOR,
                    HookOptions.named("welcome"),
                    on -> on.afterCommitInsert((author, ctx) -> called.add("afterCommitInsert 'welcome'")))
            .on(
                    BOOK,
                    HookOptions.named("index"),
                    on -> on.afterCommit((books, ctx) -> called.add("afterCommit 'index'")))
            .on(BOOK, HookOptions.named("alarm"), on -> on.failedCommitInsert((book, ctx) -> {}))
            .build();
    private final DSLContext dsl;

    PendingTest(TestDatabase database) {
        this.dsl = hooks.attachTo(DSL.using(database.pool(2), SQLDialect.POSTGRES));
    }

    private static AuthorRecord author(DSLContext where, String name) {
        AuthorRecord author = where.newRecord(AUTHOR);
        author.setName(name);
        author.store();
        return author;
    }

    private static void book(DSLContext where, String title) {
        BookRecord book = where.newRecord(BOOK);
        book.setTitle(title);
        book.store();
    }

    private static String withoutIds(Object pending) {
        return pending.toString().replaceAll("(transaction|of) \\w{9,}-\\d+", "$1 ID");
    }

    @Test
    void theTreeShowsSavepointsAndTheCallsAreThoseThatFollow() {
        PendingHooks pending = Transactions.with(dsl).name("import").call(tx -> {
            author(tx.dsl(), "Ada");
            CommitHooks.current(tx).onCommit(() -> called.add("onCommit 'callback'"));
            Transactions.with(tx).name("books").run(nested -> {
                book(nested.dsl(), "one");
                nested.dsl().transaction(innermost -> book(innermost.dsl(), "two"));
            });
            catchThrowable(() -> tx.dsl().transaction(nested -> {
                book(nested.dsl(), "undone");
                throw new IllegalArgumentException("undo");
            }));
            return tx.dsl().transactionResult(nested -> {
                book(nested.dsl(), "three");
                return CommitHooks.current(nested).pending();
            });
        });

        assertThat(withoutIds(pending)).isEqualTo("""
                transaction ID 'import'
                ├─ insert public.author(id=1, name=Ada)
                ├─ onCommit callback
                ├─ savepoint 1 'books', released
                │  ├─ insert public.book(id=1, title=one, version=1)
                │  └─ savepoint 2, released
                │     └─ insert public.book(id=2, title=two, version=1)
                └─ savepoint 1
                   └─ insert public.book(id=4, title=three, version=1)
                would call
                  beforeCommitInsert 'check' for insert public.author[1]
                  afterCommitInsert 'welcome' for insert public.author[1]
                  afterCommit 'index' for 3 changes of public.book
                  onCommit 'callback'
                """);
        assertThat(pending.calls())
                .extracting(call -> call.method() + " '" + call.hook() + "'")
                .isEqualTo(called);
        assertThat(pending.changes().of(BOOK).inserted())
                .extracting(change -> change.row().getTitle())
                .containsExactly("one", "two", "three");
    }

    @Test
    void nothingIsPendingInAFreshTransaction() {
        try (TransactionSession session = hooks.open(dsl)) {
            assertThat(withoutIds(session.current().pending())).isEqualTo("""
                    transaction ID
                    would call nothing
                    """);
        }
    }

    @Test
    void savepointsByHandAreShown() {
        try (TransactionSession session = hooks.open(dsl)) {
            session.savepoint();
            author(session.dsl(), "Ada");
            session.dsl().execute("savepoint by_name");
            author(session.dsl(), "Bob");
            session.dsl().execute("release savepoint by_name");
            TransactionSession.Savepoint undone = session.savepoint();
            author(session.dsl(), "undone");
            undone.rollback();

            assertThat(withoutIds(session.current().pending().tree())).isEqualTo("""
                    transaction ID
                    └─ savepoint set by hand
                       ├─ insert public.author(id=1, name=Ada)
                       └─ savepoint "by_name", released
                          └─ insert public.author(id=2, name=Bob)
                    """);
        }
    }

    @Test
    void aSessionShowsItsTransaction() {
        try (TransactionSession session = hooks.open(dsl)) {
            assertThat(session).hasToString("session, IDLE");
            author(session.dsl(), "Ada");
            session.current().onCommit(() -> {});
            session.savepoint();
            session.dsl().execute("savepoint by_name");
            session.dsl()
                    .transaction(nested -> assertThat(withoutIds(session))
                            .isEqualTo("session, transaction ID ACTIVE, 1 writes, 1 callbacks, savepoints [unnamed,"
                                    + " \"by_name\", at depth 1]"));
            session.current().setRollbackOnly();
            assertThat(session.toString()).contains("ACTIVE, rollback-only");
        }
    }

    @Test
    void whatADebuggerShowsIsFitToRead() {
        dsl.transaction(tx -> {
            author(tx.dsl(), "Ada");
            String current = withoutIds(CommitHooks.current(tx));
            assertThat(current).isEqualTo("transaction ID is ACTIVE");
            tx.dsl()
                    .transaction(nested -> assertThat(withoutIds(CommitHooks.current(nested)))
                            .isEqualTo("savepoint at depth 1 of ID"));
        });
    }
}
