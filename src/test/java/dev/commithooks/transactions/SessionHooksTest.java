package dev.commithooks.transactions;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.TransactionSession;
import dev.commithooks.Transactions;
import dev.commithooks.fixture.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.TransactionContext;
import org.jooq.TransactionListener;
import org.jooq.conf.InvocationOrder;
import org.jooq.conf.SettingsTools;
import org.junit.jupiter.api.Test;

/** Hooks, callbacks and other listeners around a session. */
class SessionHooksTest extends SessionFixture {

    SessionHooksTest(TestDatabase database) {
        super(database);
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
        DSLContext one = writing.attachTo(database.dsl(database.pool(1)));
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
        try (TransactionSession session = meddling.open(meddling.attachTo(database.dsl(pool)))) {
            handle[0] = session;
            author(session.dsl(), "one");
            session.commit();
        }

        assertThat(refusals).hasSize(2).allMatch(message -> message.contains("use ctx.dsl() there"));
        assertThat(committedNames()).containsExactly("one");
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
        DSLContext listened = hooks.attachTo(database.dsl(pool)
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
    void othersTransactionListenersAreCalledInTheOrderOfTheSettings() {
        List<String> calls = new ArrayList<>();
        Configuration plain = database.dsl(pool).configuration();
        Configuration configuration = plain.derive(SettingsTools.clone(plain.settings())
                .withTransactionListenerEndInvocationOrder(InvocationOrder.REVERSE));
        DSLContext listened = hooks.attachTo(
                        configuration.deriveAppending(noting("first", calls), noting("second", calls)))
                .dsl();
        try (TransactionSession session = hooks.open(listened)) {
            author(session.dsl(), "one");
            session.commit();
        }
        List<String> bySession = List.copyOf(calls);
        calls.clear();
        listened.transaction(tx -> author(tx.dsl(), "two"));

        assertThat(bySession)
                .isEqualTo(calls)
                .containsExactly("first starts", "second starts", "second ends", "first ends");
    }

    private static TransactionListener noting(String name, List<String> calls) {
        return new TransactionListener() {
            @Override
            public void commitStart(TransactionContext ctx) {
                calls.add(name + " starts");
            }

            @Override
            public void commitEnd(TransactionContext ctx) {
                calls.add(name + " ends");
            }
        };
    }

    @Test
    void failedHooksAndListenersAreToldOfAnError() {
        AssertionError error = new AssertionError("by a before hook");
        List<Throwable> causes = new ArrayList<>();
        CommitHooks withError = CommitHooks.builder()
                .on(
                        AUTHOR,
                        on -> on.beforeCommitInsert((author, ctx) -> {
                                    throw error;
                                })
                                .failedCommitInsert((author, ctx) -> causes.add(
                                        ctx.failure().orElseThrow().cause().orElseThrow())))
                .build();
        DSLContext listened = withError.attachTo(database.dsl(pool)
                .configuration()
                .deriveAppending(new TransactionListener() {
                    @Override
                    public void rollbackEnd(TransactionContext ctx) {
                        causes.add(ctx.causeThrowable());
                        throw new IllegalStateException("listener");
                    }
                })
                .dsl());
        try (TransactionSession session = withError.open(listened)) {
            author(session.dsl(), "one");
            assertThatThrownBy(session::commit)
                    .isSameAs(error)
                    .satisfies(thrown -> assertThat(thrown.getSuppressed())
                            .anySatisfy(suppressed -> assertThat(suppressed).hasMessage("listener")));
        }

        assertThat(causes).containsExactly(error, error);
        assertThat(committedNames()).isEmpty();
    }

    @Test
    void nothingIsRolledBackBecauseAnAfterHookThrows() {
        List<String> calls = new ArrayList<>();
        DSLContext listened = throwingHooks.attachTo(database.dsl(pool)
                .configuration()
                .deriveAppending(new TransactionListener() {
                    @Override
                    public void rollbackStart(TransactionContext ctx) {
                        calls.add("rollback");
                    }
                })
                .dsl());
        try (TransactionSession session = throwingHooks.open(listened)) {
            author(session.dsl(), "after");
            assertThatThrownBy(session::commit).hasStackTraceContaining("in an after hook");
        }

        assertThat(calls).isEmpty();
        assertThat(committedNames()).containsExactly("after");
    }
}
