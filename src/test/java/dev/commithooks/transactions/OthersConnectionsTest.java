package dev.commithooks.transactions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import org.jooq.DSLContext;
import org.junit.jupiter.api.Test;

/** Connections that hooks are attached to, and that somebody else has had before. */
@NeedsRealCommits("transactions of others on the very connection")
class OthersConnectionsTest extends SessionFixture {

    OthersConnectionsTest(TestDatabase database) {
        super(database);
    }

    /** He may have a savepoint to go back to, and go on. */
    @Test
    @Needs(Ability.ABORTED_TRANSACTIONS)
    void beginningOnAConnectionWhoseTransactionIsAbortedIsRefusedAndThatOneIsAsItWas() throws SQLException {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            DSLContext theirs = database.dsl(connection);
            author(theirs, "theirs");
            Savepoint savepoint = connection.setSavepoint();
            catchThrowable(() -> theirs.execute("select nothing from nowhere"));
            DSLContext ours = hooks.attachTo(database.dsl(connection));

            assertThatThrownBy(() -> ours.transaction(tx -> author(tx.dsl(), "ours")))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("No transaction was begun");

            connection.rollback(savepoint);
            connection.commit();
        }
        assertThat(committedNames()).containsExactly("theirs");
        assertThat(journal.events()).isEmpty();
    }
}
