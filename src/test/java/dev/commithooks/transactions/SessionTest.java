package dev.commithooks.transactions;

import static dev.commithooks.bookshop.shop.Tables.REVIEW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.CommitHooks;
import dev.commithooks.TransactionSession;
import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.bookshop.shop.tables.records.ReviewRecord;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.OutsideTransaction;
import dev.commithooks.transaction.AfterCommitException;
import dev.commithooks.transaction.TransactionAbortedException;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Transactions begin by themselves and end when told. */
class SessionTest extends SessionFixture {

    SessionTest(TestDatabase database) {
        super(database);
    }

    @Test
    @NeedsRealCommits("a second connection must not see uncommitted rows")
    @Needs(Ability.SPENT_IDENTITIES)
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
    @NeedsRealCommits("looks at the server's own view of the session")
    @Needs(Ability.POSTGRESQL)
    void theServerSeesTransactionsBeginAndEnd() {
        try (TransactionSession session = hooks.open(hooks.attachTo(database.dsl(database.pool(1))))) {
            long pid = database.session(session.dsl());
            assertThat(stateOf(pid)).isEqualTo("idle in transaction");
            session.commit();
            assertThat(stateOf(pid)).isEqualTo("idle");
            session.dsl().selectOne().fetch();
            assertThat(stateOf(pid)).isEqualTo("idle in transaction");
            session.rollback();
            assertThat(stateOf(pid)).isEqualTo("idle");
        }
    }

    private String stateOf(long pid) {
        return database.dsl()
                .fetchSingle("select state from pg_stat_activity where pid = ?", pid)
                .get(0, String.class);
    }

    @ParameterizedTest
    @EnumSource
    void whatHoldsOutsideTransactionsDoesNotHoldInASession(OutsideTransaction policy) {
        CommitHooks strict = CommitHooks.builder()
                .registerAll(journal)
                .outsideTransaction(policy)
                .build();
        try (TransactionSession session = strict.open(strict.attachTo(database.dsl(pool)))) {
            AuthorRecord author = author(session.dsl(), "one");
            session.commit();
            author.setName("two");
            author.store();
            session.commit();
            session.dsl().transaction(nested -> author(nested.dsl(), "three"));
            session.commit();
        }

        assertThat(committedNames()).containsExactly("one", "two", "three");
        assertThat(journal.events())
                .containsExactly(
                        "before insert author[1]",
                        "after insert author[1]",
                        "before update author[1]",
                        "after update author[1]",
                        "before insert author[2]",
                        "after insert author[2]");
    }

    @Test
    @NeedsRealCommits("ends a session of its own on the server")
    @Needs(Ability.NETWORK)
    void aConnectionThatDiesIsGivenBackAndItsRowsAreToldAsFailed() {
        TransactionSession session = hooks.open(dsl);
        author(session.dsl(), "lost");
        database.endSession(database.session(session.dsl()));

        assertThatThrownBy(() -> author(session.dsl(), "no")).isInstanceOf(DataAccessException.class);
        catchThrowable(session::close);
        session.close();

        assertThat(connectionsInUse()).isZero();
        assertThat(database.journal()).isEmpty();
        assertThat(journal.events()).containsExactly("failed ROLLBACK_ONLY insert author[1]");
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
    @Needs(Ability.SPENT_IDENTITIES)
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

    @Test
    @Needs(Ability.DEFERRED_CONSTRAINTS)
    void aRefusedCommitRollsBackAndTheSessionGoesOn() {
        try (TransactionSession session = hooks.open(dsl)) {
            ReviewRecord review = session.dsl().newRecord(REVIEW);
            review.setBookId(4711L);
            review.setRating((short) 3);
            review.store();
            assertThatThrownBy(session::commit)
                    .isInstanceOf(DataAccessException.class)
                    .rootCause()
                    .message()
                    .containsIgnoringCase("foreign key");
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
    @Needs(Ability.ABORTED_TRANSACTIONS)
    void aSwallowedErrorIsNoCommit() {
        try (TransactionSession session = hooks.open(dsl)) {
            author(session.dsl(), "lost");
            assertThatThrownBy(() -> session.dsl().execute("select nothing from nowhere"))
                    .isInstanceOf(DataAccessException.class);
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

    @Test
    void aBeginThatFailsLeavesTheSessionFitToTryAgain() throws Exception {
        DSLContext narrow = hooks.attachTo(database.dsl(database.pool(1, config -> {
            config.setConnectionTimeout(250);
            return config;
        })));
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
}
