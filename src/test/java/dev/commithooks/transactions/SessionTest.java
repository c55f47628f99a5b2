package dev.commithooks.transactions;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static dev.commithooks.bookshop.shop.Tables.REVIEW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.commithooks.CommitHooks;
import dev.commithooks.TransactionSession;
import dev.commithooks.Transactions;
import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.bookshop.shop.tables.records.ReviewRecord;
import dev.commithooks.testing.Database;
import dev.commithooks.testing.HookJournal;
import dev.commithooks.testing.TestDatabase;
import dev.commithooks.transaction.AfterCommitException;
import dev.commithooks.transaction.Propagation;
import dev.commithooks.transaction.TransactionAbortedException;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.TransactionContext;
import org.jooq.TransactionListener;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.jooq.impl.DefaultTransactionProvider;
import org.junit.jupiter.api.Test;

@Database
class SessionTest {

    private final HookJournal journal = new HookJournal();
    private final CommitHooks hooks = CommitHooks.builder().registerAll(journal).build();
    private final TestDatabase database;
    private final HikariDataSource pool;
    private final DSLContext dsl;

    SessionTest(TestDatabase database) {
        this.database = database;
        this.pool = database.pool(3);
        this.dsl = hooks.attachTo(DSL.using(pool, SQLDialect.POSTGRES));
    }

    private static AuthorRecord author(DSLContext where, String name) {
        AuthorRecord author = where.newRecord(AUTHOR);
        author.setName(name);
        author.store();
        return author;
    }

    private List<String> committedNames() {
        return database.journal().stream()
                .map(row -> String.valueOf(row.value("name")))
                .toList();
    }

    private int connectionsInUse() {
        return pool.getHikariPoolMXBean().getActiveConnections();
    }

    // ---------------------------------------------------------------- commit as you go

    @Test
    void beginsByItselfAndCommitsWhenTold() {
        try (TransactionSession session = hooks.open(dsl)) {
            DSLContext kept = session.dsl();
            assertThat(connectionsInUse()).isZero();

            author(kept, "one");
            assertThat(connectionsInUse()).isOne();
            assertThat(journal.events()).isEmpty();
            assertThat(database.journal()).isEmpty();
            session.commit();
            assertThat(connectionsInUse()).isZero();
            assertThat(journal.drain()).containsExactly("before insert author[1]", "after insert author[1]");

            author(kept, "lost");
            session.rollback();
            assertThat(journal.drain()).containsExactly("failed ROLLBACK_ONLY insert author[2]");

            author(session.dsl(), "two");
            session.commit();
            assertThat(journal.drain()).containsExactly("before insert author[3]", "after insert author[3]");

            author(kept, "left over");
        }

        assertThat(journal.drain()).containsExactly("failed ROLLBACK_ONLY insert author[4]");
        assertThat(committedNames()).containsExactly("one", "two");
        assertThat(connectionsInUse()).isZero();
    }

    @Test
    void recordsStayOfUseFromOneTransactionToTheNext() {
        try (TransactionSession session = hooks.open(dsl)) {
            AuthorRecord author = author(session.dsl(), "one");
            session.commit();
            author.setName("two");
            author.store();
            session.rollback();
            author.setName("three");
            author.store();
            session.commit();
        }

        assertThat(committedNames()).containsExactly("one", "three");
        assertThat(journal.events())
                .containsExactly(
                        "before insert author[1]",
                        "after insert author[1]",
                        "failed ROLLBACK_ONLY update author[1]",
                        "before update author[1]",
                        "after update author[1]");
    }

    @Test
    void callbacksBeginATransaction() {
        try (TransactionSession session = hooks.open(dsl)) {
            session.current().onCommit(() -> journal.add("committed"));
            CommitHooks.current(session.dsl()).onRollback(failure -> journal.add("rolled back"));
            assertThat(connectionsInUse()).isOne();
            session.commit();
            session.current().onCommit(() -> journal.add("must not run"));
            CommitHooks.current(session.dsl()).onRollback(failure -> journal.add("rolled back " + failure.stage()));
        }

        assertThat(journal.events()).containsExactly("committed", "rolled back ROLLBACK_ONLY");
    }

    @Test
    void commitAndRollbackOfNothingDoNothing() {
        try (TransactionSession session = hooks.open(dsl)) {
            session.commit();
            session.rollback();
            session.dsl();
            session.commit();
            assertThat(connectionsInUse()).isZero();
        }

        assertThat(journal.events()).isEmpty();
    }

    @Test
    void setRollbackOnlyHolds() {
        try (TransactionSession session = hooks.open(dsl)) {
            author(session.dsl(), "lost");
            session.current().setRollbackOnly();
            session.commit();
            author(session.dsl(), "kept");
            session.commit();
        }

        assertThat(committedNames()).containsExactly("kept");
        assertThat(journal.events())
                .containsExactly(
                        "failed ROLLBACK_ONLY insert author[1]", "before insert author[2]", "after insert author[2]");
    }

    // ---------------------------------------------------------------- failures

    @Test
    void aRefusedCommitRollsBackAndTheSessionGoesOn() {
        try (TransactionSession session = hooks.open(dsl)) {
            ReviewRecord review = session.dsl().newRecord(REVIEW);
            review.setBookId(4711L);
            review.setRating((short) 3);
            review.store();
            assertThatThrownBy(session::commit)
                    .isInstanceOf(DataAccessException.class)
                    .satisfies(e ->
                            assertThat(((DataAccessException) e).sqlState()).isEqualTo("23503"));
            author(session.dsl(), "next");
            session.commit();
        }

        assertThat(journal.events())
                .containsExactly(
                        "before insert review[1]",
                        "failed COMMIT insert review[1]",
                        "before insert author[1]",
                        "after insert author[1]");
        assertThat(committedNames()).containsExactly("next");
    }

    @Test
    void aSwallowedErrorIsNoCommit() {
        try (TransactionSession session = hooks.open(dsl)) {
            author(session.dsl(), "lost");
            assertThatThrownBy(() -> session.dsl().execute("select 1 / 0")).isInstanceOf(DataAccessException.class);
            assertThatThrownBy(session::commit).isInstanceOf(TransactionAbortedException.class);
        }

        assertThat(journal.events()).containsExactly("failed COMMIT insert author[1]");
        assertThat(database.journal()).isEmpty();
    }

    @Test
    void whatHooksThrowReachesTheCaller() {
        DSLContext throwing = hooksThatThrow();
        CommitHooks owner = throwingHooks;
        try (TransactionSession session = owner.open(throwing)) {
            author(session.dsl(), "veto");
            assertThatThrownBy(session::commit).hasMessage("vetoed");
            author(session.dsl(), "after");
            assertThatThrownBy(session::commit)
                    .isInstanceOf(AfterCommitException.class)
                    .hasMessageContaining("IS committed");
            author(session.dsl(), "fine");
            session.commit();
            author(session.dsl(), "failed");
            assertThatThrownBy(session::rollback).hasMessage("in a failed hook");
        }

        assertThat(committedNames()).containsExactly("after", "fine");
        assertThat(connectionsInUse()).isZero();
    }

    private final CommitHooks throwingHooks = CommitHooks.builder()
            .on(
                    AUTHOR,
                    on -> on.beforeCommitInsert((author, ctx) -> {
                                if (author.row().getName().equals("veto")) {
                                    throw new IllegalStateException("vetoed");
                                }
                            })
                            .afterCommitInsert((author, ctx) -> {
                                if (author.row().getName().equals("after")) {
                                    throw new IllegalStateException("in an after hook");
                                }
                            })
                            .failedCommitInsert((author, ctx) -> {
                                if (author.row().getName().equals("failed")) {
                                    throw new IllegalStateException("in a failed hook");
                                }
                            }))
            .build();

    private DSLContext hooksThatThrow() {
        return throwingHooks.attachTo(DSL.using(pool, SQLDialect.POSTGRES));
    }

    @Test
    void aBeginThatFailsLeavesTheSessionFitToTryAgain() throws Exception {
        DSLContext narrow = hooks.attachTo(DSL.using(
                database.pool(1, config -> {
                    config.setConnectionTimeout(250);
                    return config;
                }),
                SQLDialect.POSTGRES));
        try (TransactionSession holder = hooks.open(narrow);
                TransactionSession session = hooks.open(narrow)) {
            author(holder.dsl(), "holder");
            assertThatThrownBy(() -> author(session.dsl(), "no connection")).isInstanceOf(DataAccessException.class);
            holder.commit();
            author(session.dsl(), "now");
            session.commit();
        }

        assertThat(committedNames()).containsExactly("holder", "now");
    }

    // ---------------------------------------------------------------- savepoints

    @Test
    void savepointsAreReleasedAndRolledBack() {
        try (TransactionSession session = hooks.open(dsl)) {
            author(session.dsl(), "outer");
            TransactionSession.Savepoint kept = session.savepoint();
            author(session.dsl(), "released");
            kept.release();
            TransactionSession.Savepoint undone = session.savepoint();
            author(session.dsl(), "undone");
            undone.rollback();
            assertThat(journal.drain()).containsExactly("failed SAVEPOINT insert author[3]");
            author(session.dsl(), "last");
            session.commit();
        }

        assertThat(journal.drain())
                .containsExactly(
                        "before insert author[1]",
                        "before insert author[2]",
                        "before insert author[4]",
                        "after insert author[1]",
                        "after insert author[2]",
                        "after insert author[4]");
        assertThat(committedNames()).containsExactly("outer", "released", "last");
    }

    @Test
    void aRollbackToASavepointHealsAnAbortedTransaction() {
        try (TransactionSession session = hooks.open(dsl)) {
            author(session.dsl(), "kept");
            TransactionSession.Savepoint savepoint = session.savepoint();
            assertThatThrownBy(() -> session.dsl().execute("select 1 / 0")).isInstanceOf(DataAccessException.class);
            assertThatThrownBy(savepoint::release)
                    .isInstanceOf(TransactionAbortedException.class)
                    .hasMessageContaining("not released");
            savepoint.rollback();
            session.commit();
        }

        assertThat(committedNames()).containsExactly("kept");
        assertThat(journal.events()).containsExactly("before insert author[1]", "after insert author[1]");
    }

    @Test
    void savepointsOutOfOrderAreRefused() {
        try (TransactionSession session = hooks.open(dsl)) {
            TransactionSession.Savepoint first = session.savepoint();
            TransactionSession.Savepoint second = session.savepoint();
            assertThatThrownBy(first::release)
                    .hasMessageContainingAll("savepoint 1", "savepoint 2", "nothing was done");
            assertThatThrownBy(first::rollback).hasMessageContainingAll("savepoint 1", "savepoint 2");
            second.release();
            assertThatThrownBy(second::rollback).hasMessageContaining("is gone");
            first.rollback();
            assertThatThrownBy(first::release).hasMessageContaining("is gone");

            TransactionSession.Savepoint old = session.savepoint();
            session.commit();
            assertThatThrownBy(old::rollback).hasMessageContaining("is gone");
        }
    }

    @Test
    void savepointsAndNestedTransactionsDoNotCross() {
        try (TransactionSession session = hooks.open(dsl)) {
            TransactionSession.Savepoint outside = session.savepoint();
            TransactionSession.Savepoint[] inside = new TransactionSession.Savepoint[1];
            session.dsl().transaction(nested -> {
                author(nested.dsl(), "nested");
                assertThatThrownBy(outside::rollback).hasMessageContaining("nested transaction");
                assertThatThrownBy(session::commit).hasMessageContaining("nested transaction");
                assertThatThrownBy(session::rollback).hasMessageContaining("nested transaction");
                inside[0] = session.savepoint();
                author(nested.dsl(), "under a savepoint");
            });
            assertThatThrownBy(inside[0]::rollback).hasMessageContaining("is gone");
            outside.release();
            session.commit();
        }

        assertThat(committedNames()).containsExactly("nested", "under a savepoint");
    }

    @Test
    void failedHooksOfASavepointMayThrow() {
        DSLContext throwing = hooksThatThrow();
        try (TransactionSession session = throwingHooks.open(throwing)) {
            TransactionSession.Savepoint savepoint = session.savepoint();
            author(session.dsl(), "failed");
            assertThatThrownBy(savepoint::rollback).hasMessage("in a failed hook");
            assertThatThrownBy(savepoint::release).hasMessageContaining("is gone");
            author(session.dsl(), "goes on");
            session.commit();
        }

        assertThat(committedNames()).containsExactly("goes on");
    }

    // ---------------------------------------------------------------- with dsl.transaction

    @Test
    void aNestedTransactionIsASavepointWhetherOneIsOpenOrNot() {
        try (TransactionSession session = hooks.open(dsl)) {
            session.dsl().transaction(nested -> author(nested.dsl(), "first"));
            assertThat(database.journal()).isEmpty();
            assertThatThrownBy(() -> session.dsl().transaction(nested -> {
                        author(nested.dsl(), "undone");
                        throw new IllegalArgumentException("undo");
                    }))
                    .hasMessage("undo");
            Transactions.with(session.dsl())
                    .propagation(Propagation.MANDATORY)
                    .run(joined -> author(joined.dsl(), "joined"));
            session.commit();
        }

        assertThat(committedNames()).containsExactly("first", "joined");
        assertThat(journal.events())
                .containsExactly(
                        "failed SAVEPOINT insert author[2]",
                        "before insert author[1]",
                        "before insert author[3]",
                        "after insert author[1]",
                        "after insert author[3]");
    }

    @Test
    void besideATransactionItIsIndependentOfIt() {
        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    author(tx.dsl(), "lost");
                    try (TransactionSession session = hooks.open(dsl)) {
                        author(session.dsl(), "kept");
                        session.commit();
                    }
                    throw new IllegalArgumentException("undo");
                }))
                .hasMessage("undo");

        assertThat(committedNames()).containsExactly("kept");
        assertThat(journal.events())
                .containsExactly("before insert author[2]", "after insert author[2]", "failed WORK insert author[1]");
    }

    @Test
    void insideATransactionItsTransactionsAreSavepoints() {
        dsl.transaction(tx -> {
            author(tx.dsl(), "outer");
            try (TransactionSession session = hooks.open(tx.dsl())) {
                author(session.dsl(), "kept");
                session.commit();
                author(session.dsl(), "undone");
                session.rollback();
                author(session.dsl(), "left over");
            }
            author(tx.dsl(), "last");
            assertThat(database.journal()).isEmpty();
        });

        assertThat(committedNames()).containsExactly("outer", "kept", "last");
        assertThat(journal.events())
                .containsExactly(
                        "failed SAVEPOINT insert author[3]",
                        "failed SAVEPOINT insert author[4]",
                        "before insert author[1]",
                        "before insert author[2]",
                        "before insert author[5]",
                        "after insert author[1]",
                        "after insert author[2]",
                        "after insert author[5]");
    }

    @Test
    void aTransactionIsNotCommittedOverTheHeadOfAnOpenSession() {
        TransactionSession[] forgotten = new TransactionSession[1];

        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    author(tx.dsl(), "outer");
                    forgotten[0] = hooks.open(tx.dsl());
                    author(forgotten[0].dsl(), "in the session");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContainingAll("IS rolled back", "has not ended", "Close sessions");

        assertThat(connectionsInUse()).isZero();
        assertThat(database.journal()).isEmpty();
        assertThat(journal.drain()).containsExactly("failed WORK insert author[1]", "failed WORK insert author[2]");
        assertThatThrownBy(forgotten[0]::commit).hasMessageContaining("work IS rolled back");
        forgotten[0].close();
        author(dsl, "next");
        assertThat(committedNames()).containsExactly("next");
    }

    @Test
    void aSavepointIsNotReleasedOverTheHeadOfAnOpenSession() {
        dsl.transaction(tx -> {
            author(tx.dsl(), "outer");
            assertThatThrownBy(() -> tx.dsl().transaction(nested -> {
                        TransactionSession forgotten = hooks.open(nested.dsl());
                        author(forgotten.dsl(), "in the session");
                    }))
                    .hasMessageContainingAll("IS rolled back to the savepoint", "has not ended");
            author(tx.dsl(), "last");
        });

        assertThat(connectionsInUse()).isZero();
        assertThat(committedNames()).containsExactly("outer", "last");
        assertThat(journal.events())
                .containsExactly(
                        "failed SAVEPOINT insert author[2]",
                        "before insert author[1]",
                        "before insert author[3]",
                        "after insert author[1]",
                        "after insert author[3]");
    }

    @Test
    void aTransactionThatThrowsTakesItsOpenSessionWithIt() {
        TransactionSession[] forgotten = new TransactionSession[1];

        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    forgotten[0] = hooks.open(tx.dsl());
                    author(forgotten[0].dsl(), "in the session");
                    throw new IllegalArgumentException("undo");
                }))
                .hasMessage("undo");
        forgotten[0].rollback();
        forgotten[0].close();

        assertThat(connectionsInUse()).isZero();
        assertThat(database.journal()).isEmpty();
        assertThat(journal.events()).containsExactly("failed WORK insert author[1]");
    }

    @Test
    void insideATransactionThatHasEndedItIsRefused() {
        TransactionSession[] leaked = new TransactionSession[1];
        dsl.transaction(tx -> leaked[0] = hooks.open(tx.dsl()));

        assertThatThrownBy(() -> author(leaked[0].dsl(), "where to?")).hasStackTraceContaining("was opened in");
        leaked[0].close();

        assertThat(database.journal()).isEmpty();
    }

    @Test
    void requiresNewWithinASessionIsATransactionOfItsOwn() {
        try (TransactionSession session = hooks.open(dsl)) {
            author(session.dsl(), "lost");
            Transactions.with(session.dsl())
                    .propagation(Propagation.REQUIRES_NEW)
                    .run(tx -> author(tx.dsl(), "kept"));
        }

        assertThat(committedNames()).containsExactly("kept");
    }

    @Test
    void afterHooksAreOutsideOfTheSession() {
        List<String> told = new ArrayList<>();
        CommitHooks writing = CommitHooks.builder()
                .on(
                        AUTHOR,
                        on -> on.afterCommitInsert((author, ctx) -> {
                            told.add(author.row().getName());
                            if (author.row().getName().equals("one")) {
                                ctx.dsl().transaction(tx -> author(tx.dsl(), "by the hook"));
                                author.row().setEmail("one@example.org");
                                author.row().update();
                            }
                        }))
                .build();
        DSLContext one = writing.attachTo(DSL.using(database.pool(1), SQLDialect.POSTGRES));
        try (TransactionSession session = writing.open(one)) {
            author(session.dsl(), "one");
            session.commit();
            author(session.dsl(), "lost");
        }

        assertThat(told).containsExactly("one", "by the hook");
        assertThat(committedNames()).containsExactly("one", "by the hook", "one");
    }

    @Test
    void aHookCannotEndTheTransactionItRunsIn() {
        TransactionSession[] handle = new TransactionSession[1];
        List<String> refusals = new ArrayList<>();
        CommitHooks meddling = CommitHooks.builder()
                .on(
                        AUTHOR,
                        on -> on.beforeCommitInsert((author, ctx) -> {
                                    refusals.add(messageOf(handle[0]::commit));
                                    ctx.dsl().fetchCount(BOOK);
                                })
                                .afterCommitInsert((author, ctx) -> refusals.add(messageOf(handle[0]::close))))
                .build();
        try (TransactionSession session = meddling.open(meddling.attachTo(DSL.using(pool, SQLDialect.POSTGRES)))) {
            handle[0] = session;
            author(session.dsl(), "one");
            session.commit();
        }

        assertThat(refusals).hasSize(2).allMatch(message -> message.contains("use ctx.dsl() there"));
        assertThat(committedNames()).containsExactly("one");
    }

    private static String messageOf(Runnable action) {
        try {
            action.run();
            return "nothing thrown";
        } catch (IllegalStateException e) {
            return String.valueOf(e.getMessage());
        }
    }

    @Test
    void callbacksMayRegisterFurtherOnesWhileTheTransactionEnds() {
        try (TransactionSession session = hooks.open(dsl)) {
            session.current().onCommit(() -> {
                journal.add("first");
                session.current().onCommit(() -> journal.add("second"));
                CommitHooks.current(dsl).onCommit(() -> journal.add("outside, at once"));
            });
            session.commit();
        }

        assertThat(journal.events()).containsExactly("first", "outside, at once", "second");
    }

    @Test
    void aTransactionOfASessionThatIsEndingIsRefused() {
        List<String> refusals = new ArrayList<>();
        try (TransactionSession session = hooks.open(dsl)) {
            DSLContext kept = session.dsl();
            session.current().onCommit(() -> {
                refusals.add(messageOf(() -> kept.transaction(tx -> {})));
                refusals.add(messageOf(() -> Transactions.with(kept).run(tx -> {})));
            });
            session.commit();
        }

        assertThat(refusals).hasSize(2).allMatch(message -> message.contains("use ctx.dsl() there"));
    }

    @Test
    void othersTransactionListenersAreCalledAsByJooq() {
        List<String> calls = new ArrayList<>();
        DSLContext listened = hooks.attachTo(DSL.using(pool, SQLDialect.POSTGRES)
                .configuration()
                .deriveAppending(new TransactionListener() {
                    @Override
                    public void beginStart(TransactionContext ctx) {
                        calls.add("beginStart");
                    }

                    @Override
                    public void beginEnd(TransactionContext ctx) {
                        calls.add("beginEnd");
                    }

                    @Override
                    public void commitStart(TransactionContext ctx) {
                        calls.add("commitStart");
                    }

                    @Override
                    public void commitEnd(TransactionContext ctx) {
                        calls.add("commitEnd");
                    }

                    @Override
                    public void rollbackStart(TransactionContext ctx) {
                        calls.add("rollbackStart");
                        throw new IllegalStateException("listener");
                    }

                    @Override
                    public void rollbackEnd(TransactionContext ctx) {
                        calls.add("rollbackEnd");
                    }
                })
                .dsl());
        try (TransactionSession session = hooks.open(listened)) {
            author(session.dsl(), "one");
            session.commit();
            author(session.dsl(), "lost");
            assertThatThrownBy(session::rollback).hasMessage("listener");
        }

        assertThat(calls)
                .containsExactly(
                        "beginStart",
                        "beginEnd",
                        "commitStart",
                        "commitEnd",
                        "beginStart",
                        "beginEnd",
                        "rollbackStart",
                        "rollbackEnd");
        assertThat(committedNames()).containsExactly("one");
        assertThat(connectionsInUse()).isZero();
    }

    @Test
    void withAThreadLocalProviderItIsTheThreadsTransaction() {
        var bound = DSL.using(pool, SQLDialect.POSTGRES).configuration();
        bound.set(CommitHooks.threadLocalTransactionProvider(bound.connectionProvider()));
        DSLContext threadLocal = hooks.attachTo(bound).dsl();
        try (TransactionSession session = hooks.open(threadLocal)) {
            author(session.dsl(), "one");
            author(threadLocal, "by the outer DSLContext");
            session.dsl().transaction(() -> author(threadLocal, "nested"));
            session.commit();
            author(session.dsl(), "lost");
        }
        author(threadLocal, "on its own");

        assertThat(committedNames()).containsExactly("one", "by the outer DSLContext", "nested", "on its own");
        assertThat(connectionsInUse()).isZero();
    }

    // ---------------------------------------------------------------- bad use

    @Test
    void useAfterCloseIsRefused() {
        TransactionSession session = hooks.open(dsl);
        DSLContext kept = session.dsl();
        author(kept, "lost");
        session.close();
        session.close();

        for (Runnable use : List.<Runnable>of(
                session::dsl, session::commit, session::rollback, session::savepoint, session::current)) {
            assertThatThrownBy(use::run).hasMessageContaining("closed");
        }
        assertThatThrownBy(() -> author(kept, "no")).hasStackTraceContaining("closed");
        assertThat(database.journal()).isEmpty();
    }

    @Test
    void twoThreadsAtATimeAreRefused() throws Exception {
        CountDownLatch committing = new CountDownLatch(1);
        CountDownLatch refused = new CountDownLatch(1);
        CommitHooks waiting = CommitHooks.builder()
                .on(
                        AUTHOR,
                        on -> on.beforeCommitInsert((author, ctx) -> {
                            committing.countDown();
                            refused.await();
                        }))
                .build();
        try (TransactionSession session = waiting.open(waiting.attachTo(DSL.using(pool, SQLDialect.POSTGRES)))) {
            author(session.dsl(), "one");
            CompletableFuture<Void> commit = CompletableFuture.runAsync(session::commit);
            committing.await();
            assertThatThrownBy(session::rollback)
                    .hasMessageContainingAll("one thread at a time", "commit()", "rollback()");
            refused.countDown();
            commit.join();
            author(session.dsl(), "on another thread than before");
            session.commit();
        }

        assertThat(committedNames()).containsExactly("one", "on another thread than before");
    }

    @Test
    void othersProvidersAndOthersHooksAreRefused() {
        var owned = DSL.using(pool, SQLDialect.POSTGRES).configuration();
        owned.set(new DefaultTransactionProvider(owned.connectionProvider()));
        DSLContext explicit = hooks.attachTo(owned).dsl();

        assertThatThrownBy(() -> hooks.open(explicit)).hasMessageContaining("transaction provider");
        assertThatThrownBy(() -> hooks.open(database.dsl())).hasMessageContaining("attachTo");
        assertThatThrownBy(() -> CommitHooks.builder().build().open(dsl)).hasMessageContaining("other commit hooks");
    }

    @Test
    void aSessionThatIsForgottenOpenIsWarnedOf() throws Exception {
        List<String> warnings = new ArrayList<>();
        CountDownLatch warned = new CountDownLatch(1);
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord record) {
                warnings.add(new java.util.logging.SimpleFormatter().formatMessage(record));
                if (record.getMessage().contains("never closed")) {
                    warned.countDown();
                }
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger("dev.commithooks");
        logger.addHandler(handler);
        try (Connection connection = database.simpleDataSource().getConnection()) {
            Thread forgetful = new Thread(() -> forget(hooks.attachTo(DSL.using(connection, SQLDialect.POSTGRES))));
            forgetful.start();
            forgetful.join();
            while (!warned.await(20, java.util.concurrent.TimeUnit.MILLISECONDS)) {
                System.gc();
            }
        } finally {
            logger.removeHandler(handler);
        }

        assertThat(warnings).anySatisfy(warning -> assertThat(warning).contains("SessionTest.forget", "never closed"));
        assertThat(database.journal()).isEmpty();
    }

    private void forget(DSLContext single) {
        author(hooks.open(single).dsl(), "lost");
    }
}
