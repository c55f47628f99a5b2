package dev.commithooks.transactions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.TransactionSession;
import dev.commithooks.Transactions;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.transaction.Propagation;
import java.util.ArrayList;
import java.util.List;
import org.jooq.DSLContext;
import org.junit.jupiter.api.Test;

/** A session is not rolled back by what is part of its transaction and has not returned. */
@NeedsRealCommits("sessions of its own")
class SessionRolledBackWithinTest extends SessionFixture {

    SessionRolledBackWithinTest(TestDatabase database) {
        super(database);
    }

    @Test
    void byAListenerOfItsOwnStatement() {
        List<TransactionSession> sessions = new ArrayList<>();
        List<Throwable> refused = new ArrayList<>();
        DSLContext listened = whileInserting(() -> sessions.forEach(TransactionSession::rollback), refused);
        try (TransactionSession session = hooks.open(listened)) {
            sessions.add(session);
            author(session.dsl(), "Ada");
            sessions.clear();
            session.commit();
        }

        assertThat(refused)
                .singleElement()
                .satisfies(failure -> assertThat(failure).hasMessageContaining("within a statement"));
        assertThat(journal.events()).containsExactly("before insert author[1]", "after insert author[1]");
        assertThat(committedNames()).containsExactly("Ada");
    }

    @Test
    void byABlockThatHasJoinedIt() {
        try (TransactionSession session = hooks.open(dsl)) {
            author(session.dsl(), "Ada");
            Transactions.with(session.dsl())
                    .propagation(Propagation.REQUIRED)
                    .run(tx -> assertThatThrownBy(session::rollback)
                            .isInstanceOf(IllegalStateException.class)
                            .hasMessageContaining("a block that has joined"));
            session.commit();
        }

        assertThat(journal.events()).containsExactly("before insert author[1]", "after insert author[1]");
        assertThat(committedNames()).containsExactly("Ada");
    }
}
