package dev.commithooks.transactions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.TransactionSession;
import dev.commithooks.Transactions;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.transaction.Propagation;
import org.jooq.DSLContext;
import org.junit.jupiter.api.Test;

/** Sessions inside and beside {@code dsl.transaction}, and it inside of them. */
class SessionNestingTest extends SessionFixture {

    SessionNestingTest(TestDatabase database) {
        super(database);
    }

    @Test
    @NeedsRealCommits("a second connection must not see uncommitted rows")
    @Needs(Ability.SPENT_IDENTITIES)
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
    @NeedsRealCommits("an independent commit inside a transaction that rolls back later")
    @Needs(Ability.CONCURRENT_WRITERS)
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
    @NeedsRealCommits("a second connection must not see uncommitted rows")
    @Needs(Ability.SPENT_IDENTITIES)
    void insideATransactionItsTransactionsAreSavepoints() {
        dsl.transaction(tx -> {
            author(tx.dsl(), "outer");
            try (TransactionSession session = hooks.open(tx.dsl())) {
                DSLContext own = session.dsl();
                author(own, "kept");
                session.commit();
                author(own, "undone");
                session.rollback();
                author(own, "left over");
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
    @Needs(Ability.SPENT_IDENTITIES)
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
    void aBlockThatHadJoinedItAndFailedKeepsNobodyFromEndingIt() {
        try (TransactionSession session = hooks.open(dsl)) {
            author(session.dsl(), "lost");
            assertThatThrownBy(() -> Transactions.with(session.dsl())
                            .propagation(Propagation.MANDATORY)
                            .run(joined -> {
                                throw new IllegalArgumentException("block");
                            }))
                    .hasMessage("block");
            session.rollback();
            author(session.dsl(), "kept");
            session.commit();
        }

        assertThat(committedNames()).containsExactly("kept");
    }

    @Test
    void aSessionMayBeClosedAfterTheTransactionThatTookItWithIt() {
        TransactionSession[] forgotten = new TransactionSession[1];

        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    forgotten[0] = hooks.open(tx.dsl());
                    author(forgotten[0].dsl(), "in the session");
                    throw new IllegalArgumentException("undo");
                }))
                .hasMessage("undo");
        assertThat(forgotten[0].isOpen()).isFalse();
        forgotten[0].close();

        author(dsl, "next");
        assertThat(connectionsInUse()).isZero();
        assertThat(committedNames()).containsExactly("next");
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
    @NeedsRealCommits("an independent commit inside a transaction that rolls back later")
    @Needs(Ability.CONCURRENT_WRITERS)
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
    void withAThreadLocalProviderItIsTheThreadsTransaction() {
        var bound = database.dsl(pool).configuration();
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
}
