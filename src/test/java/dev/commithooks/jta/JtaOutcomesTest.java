package dev.commithooks.jta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.CommitHooks;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.OnNarayana;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.transaction.TransactionAbortedException;
import jakarta.transaction.RollbackException;
import jakarta.transaction.Status;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.Test;

/** How a JTA transaction on one database ends, by whatever ends it, is what its hooks and its caller are told. */
@NeedsRealCommits("XA connections")
class JtaOutcomesTest extends OneDatabase {

    JtaOutcomesTest(TestDatabase database) {
        super(database, 1);
    }

    @Test
    @OnNarayana
    void rollbackOnlyOnPurposeIsQuietInJooqAndARollbackExceptionInJta() {
        dsl.transaction(tx -> {
            JtaWorld.store(tx.dsl(), "ann");
            CommitHooks.current(tx).setRollbackOnly();
        });
        assertThatThrownBy(() -> world.inTransaction(() -> {
                    JtaWorld.store(dsl, "bob");
                    world.manager.setRollbackOnly();
                }))
                .isInstanceOf(RollbackException.class);
        deed = (event, ctx) -> {
            if (event.equals("before")) {
                CommitHooks.current(dsl).setRollbackOnly();
            }
        };
        dsl.transaction(tx -> JtaWorld.store(tx.dsl(), "cat"));
        assertThatThrownBy(() -> world.inTransaction(() -> JtaWorld.store(dsl, "dan")))
                .isInstanceOf(TransactionAbortedException.class);

        assertThat(toldOf("failed ROLLBACK_ONLY"))
                .containsExactly("insert account[1]", "insert account[2]", "insert account[3]", "insert account[4]");
        assertThat(toldOf("after", "in doubt")).isEmpty();
        assertThat(JtaWorld.committed(database)).isEmpty();
    }

    /** Atomikos gives no connection any more to a transaction that is marked, not even the one that it has. */
    @Test
    @OnNarayana
    void whoeverAsksHearsThatTheManagerHasMarkedIt() throws Exception {
        world.manager.begin();
        JtaWorld.store(dsl, "ann");
        world.manager.setRollbackOnly();

        assertThat(CommitHooks.current(dsl).isRollbackOnly()).isTrue();
        world.manager.rollback();
        assertThat(toldOf("failed ")).containsExactly("insert account[1]");
    }

    @Test
    void swallowedErrorThatAbortedTheTransactionIsNoCommit() {
        assertThatThrownBy(() -> world.inTransaction(() -> {
                    JtaWorld.store(dsl, "ann");
                    catchThrowable(() -> dsl.execute("select 1/0"));
                }))
                .isInstanceOf(TransactionAbortedException.class)
                .hasMessageContaining("IS rolled back");

        assertThat(told.events()).containsExactly("failed COMMIT insert account[1]");
        assertThat(JtaWorld.committed(database)).isEmpty();
    }

    @Test
    void deferredConstraintIsAFailedCommit() {
        assertThatThrownBy(() -> world.inTransaction(() -> {
                    JtaWorld.store(dsl, "ann");
                    dsl.execute("insert into review (book_id, rating) values (4711, 5)");
                }))
                .isInstanceOf(RollbackException.class)
                .hasMessageContaining("IS rolled back")
                .hasMessageContaining("23503");

        assertThat(toldOf("failed COMMIT")).contains("insert account[1]");
        assertThat(toldOf("after", "in doubt")).isEmpty();
        assertThat(JtaWorld.committed(database)).isEmpty();
    }

    @Test
    void nestedTransactionIsASavepoint() {
        dsl.transaction(tx -> {
            JtaWorld.store(tx.dsl(), "ann");
            catchThrowable(() -> tx.dsl().transaction(nested -> {
                JtaWorld.store(nested.dsl(), "bob");
                throw new IllegalArgumentException();
            }));
            assertThat(told.events()).containsExactly("failed SAVEPOINT insert account[2]");
            assertThatThrownBy(() -> tx.dsl().transaction(nested -> {
                        JtaWorld.store(nested.dsl(), "cat");
                        catchThrowable(() -> nested.dsl().execute("select 1/0"));
                    }))
                    .isInstanceOf(TransactionAbortedException.class);
            tx.dsl().transaction(nested -> JtaWorld.store(nested.dsl(), "dan"));
        });

        assertThat(toldOf("failed SAVEPOINT")).containsExactly("insert account[2]", "insert account[3]");
        assertThat(toldOf("after"))
                .containsExactlyElementsOf(JtaWorld.committed(database))
                .containsExactly("insert account[1]", "insert account[4]");
    }

    @Test
    void outsideOfTransactionsAStatementIsItsOwn() {
        JtaWorld.store(dsl, "ann");

        assertThat(told.events()).containsExactly("before insert account[1]", "after insert account[1]");
        assertThat(JtaWorld.committed(database)).containsExactly("insert account[1]");
    }

    @Test
    void errorInTheBlockIsRolledBackByJooq() {
        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    JtaWorld.store(tx.dsl(), "ann");
                    tx.dsl().execute("select 1/0");
                }))
                .isInstanceOf(DataAccessException.class);

        assertThat(told.events()).containsExactly("failed WORK insert account[1]");
        assertThat(JtaWorld.committed(database)).isEmpty();
    }

    @Test
    void statusOfTheThreadIsTheManagersOwn() throws Exception {
        world.manager.begin();
        assertThat(world.jta.userTransaction().getStatus()).isEqualTo(Status.STATUS_ACTIVE);
        assertThat(world.manager.getTransaction()).isEqualTo(world.manager.getTransaction());
        world.manager.rollback();
    }
}
