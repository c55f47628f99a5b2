package dev.commithooks.transactions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.TransactionSession;
import dev.commithooks.engine.dialect.Dialect;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.transaction.TransactionAbortedException;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.Test;

/** Savepoints of a session. */
class SessionSavepointTest extends SessionFixture {

    SessionSavepointTest(TestDatabase database) {
        super(database);
    }

    @Test
    @Needs(Ability.SPENT_IDENTITIES)
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
    void aSavepointThatIsNotReleasedIsRolledBackWhenItIsClosed() {
        try (TransactionSession session = hooks.open(dsl)) {
            assertThat(session.isOpen()).isFalse();
            try (TransactionSession.Savepoint kept = session.savepoint()) {
                author(session.dsl(), "kept");
                kept.release();
            }
            assertThat(session.isOpen()).isTrue();
            TransactionSession.Savepoint undone = session.savepoint();
            try (undone) {
                author(session.dsl(), "undone");
            }
            undone.close();
            assertThat(journal.drain()).containsExactly("failed SAVEPOINT insert author[2]");
            TransactionSession.Savepoint over = session.savepoint();
            session.commit();
            over.close();
            assertThat(session.isOpen()).isFalse();
        }

        assertThat(journal.events()).containsExactly("before insert author[1]", "after insert author[1]");
        assertThat(committedNames()).containsExactly("kept");
    }

    @Test
    @Needs(Ability.ABORTED_TRANSACTIONS)
    void aRollbackToASavepointHealsAnAbortedTransaction() {
        try (TransactionSession session = hooks.open(dsl)) {
            author(session.dsl(), "kept");
            TransactionSession.Savepoint savepoint = session.savepoint();
            assertThatThrownBy(() -> session.dsl().execute("select nothing from nowhere"))
                    .isInstanceOf(DataAccessException.class);
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

    @Test
    void aSavepointIsGoneThoughItsHooksThrow() {
        try (TransactionSession session = throwingHooks.open(hooksThatThrow())) {
            author(session.dsl(), "kept");
            TransactionSession.Savepoint savepoint = session.savepoint();
            author(session.dsl(), "failed");
            assertThatThrownBy(savepoint::rollback).hasStackTraceContaining("in a failed hook");
            boolean isReleased = Dialect.of(session.dsl().configuration()).releasesSavepoints();
            assertThat(session.current().pending().tree().toString().contains("savepoint"))
                    .isNotEqualTo(isReleased); // H2 keeps its name
            session.commit();
        }

        assertThat(committedNames()).containsExactly("kept");
    }
}
