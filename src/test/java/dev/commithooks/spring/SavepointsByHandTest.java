package dev.commithooks.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.TestDatabase;
import java.sql.Savepoint;
import java.util.function.BiConsumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.transaction.SavepointManager;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.UnexpectedRollbackException;
import org.springframework.transaction.support.DefaultTransactionStatus;

/** Savepoints of {@link TransactionStatus}, set, released and rolled back to by hand: of a release Spring tells nobody. */
@Database
class SavepointsByHandTest {

    private final TestDatabase database;
    private final HookJournal told = new HookJournal();

    SavepointsByHandTest(TestDatabase database) {
        this.database = database;
    }

    /** Runs this in a transaction. Hooks are told of what is in the database, and of nothing else. */
    private SpringWorld run(Managers kind, BiConsumer<SpringWorld, TransactionStatus> work) {
        SpringWorld world = new SpringWorld(kind, database.pool(2), told);
        world.template().executeWithoutResult(status -> work.accept(world, status));
        assertThat(world.told("after"))
                .containsExactlyInAnyOrderElementsOf(SpringWorld.committed(database))
                .isNotEmpty();
        world.assertNothingIsBound();
        return world;
    }

    private static void assertRefused(TransactionStatus status, Object savepoint) {
        assertThatThrownBy(() -> status.rollbackToSavepoint(savepoint)).isInstanceOf(TransactionSystemException.class);
    }

    @ParameterizedTest
    @EnumSource(names = "JPA", mode = EnumSource.Mode.EXCLUDE) // set up here without savepoints
    void nameThatIsSetAgainIsTheOuterOnesWhenTheSavepointBetweenIsReleased(Managers kind) {
        SpringWorld world = run(kind, (it, status) -> {
            it.store("ann");
            it.dsl.execute("savepoint mine");
            Object between = status.createSavepoint();
            it.store("bob");
            it.dsl.execute("savepoint mine");
            status.releaseSavepoint(between);
            it.dsl.execute("rollback to savepoint mine");
        });

        assertThat(world.told("failed")).containsExactly("insert account[2]");
    }

    @ParameterizedTest
    @EnumSource(names = "JPA", mode = EnumSource.Mode.EXCLUDE)
    void nothingIsUndoneByARollbackToAReleasedSavepoint(Managers kind) {
        SpringWorld world = run(kind, (it, status) -> {
            Object first = status.createSavepoint();
            it.store("ann");
            Object second = status.createSavepoint();
            it.store("bob");
            status.releaseSavepoint(second);
            assertRefused(status, second);
            it.store("cy");
            status.rollbackToSavepoint(first);
            it.store("dee");
            Object third = status.createSavepoint();
            it.store("eve");
            it.dsl.connection(connection -> connection.releaseSavepoint((Savepoint) third));
            assertRefused(status, third);
        });

        assertThat(world.told("failed")).containsExactly("insert account[1]", "insert account[2]", "insert account[3]");
    }

    /** Spring tells the inner transaction, which the thread is in. */
    @ParameterizedTest
    @EnumSource(names = "JPA", mode = EnumSource.Mode.EXCLUDE)
    void rollbackToASavepointOfTheSuspendedTransactionIsRefused(Managers kind) {
        SpringWorld world = run(kind, (it, status) -> {
            it.store("ann");
            Object outer = status.createSavepoint();
            it.store("bob");
            it.requiresNew().executeWithoutResult(inner -> {
                it.store("cy");
                assertRefused(status, outer);
            });
            status.rollbackToSavepoint(outer);
        });

        assertThat(world.told("failed")).containsExactly("insert account[2]");
    }

    @ParameterizedTest
    @EnumSource(names = "JPA", mode = EnumSource.Mode.EXCLUDE)
    void rollbackToASavepointThatWasSetPastTheStatusIsRefused(Managers kind) {
        SpringWorld world = run(kind, (it, status) -> {
            it.store("ann");
            Object unseen = ((SavepointManager) ((DefaultTransactionStatus) status).getTransaction()).createSavepoint();
            it.store("bob");
            assertRefused(status, unseen);
        });

        assertThat(world.told("failed")).isEmpty();
    }

    /** The nested transaction's own savepoint goes with that, so that its end fails, and with it everything. */
    @ParameterizedTest
    @EnumSource(names = "JPA", mode = EnumSource.Mode.EXCLUDE)
    void nestedTransactionWhoseSavepointIsGoneTakesAllWithIt(Managers kind) {
        SpringWorld world = new SpringWorld(kind, database.pool(2), told);

        assertThatThrownBy(() -> world.template().executeWithoutResult(status -> {
                    world.store("ann");
                    Object outer = status.createSavepoint();
                    world.store("bob");
                    assertThatThrownBy(() -> world.nested().executeWithoutResult(inner -> {
                                world.store("cy");
                                inner.rollbackToSavepoint(outer);
                                world.store("dee");
                                throw new IllegalArgumentException("on purpose");
                            }))
                            .isInstanceOf(TransactionSystemException.class);
                }))
                .isInstanceOf(UnexpectedRollbackException.class);

        assertThat(SpringWorld.committed(database)).isEmpty();
        assertThat(told.events())
                .containsExactly(
                        "failed SAVEPOINT insert account[2]",
                        "failed SAVEPOINT insert account[3]",
                        "failed ROLLBACK_ONLY insert account[1]",
                        "failed ROLLBACK_ONLY insert account[4]");
    }

    @ParameterizedTest
    @EnumSource(names = "JPA", mode = EnumSource.Mode.EXCLUDE)
    void savepointsAreOfTheTransactionWhicheverStatusSetsThem(Managers kind) {
        SpringWorld world = run(kind, (it, status) -> {
            it.store("ann");
            it.nested().executeWithoutResult(nested -> {
                Object inner = nested.createSavepoint();
                it.store("bob");
                Object released = nested.createSavepoint();
                it.store("cy");
                nested.releaseSavepoint(released);
                nested.rollbackToSavepoint(inner);
                it.store("dee");
                nested.releaseSavepoint(inner);
            });
            Object outer = status.createSavepoint();
            it.store("eve");
            it.template().executeWithoutResult(joined -> {
                it.store("fay");
                joined.rollbackToSavepoint(outer);
                it.store("guy");
            });
        });

        assertThat(world.told("after")).containsExactly("insert account[1]", "insert account[4]", "insert account[7]");
    }
}
