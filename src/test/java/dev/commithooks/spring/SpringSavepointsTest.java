package dev.commithooks.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.transaction.TransactionInDoubtException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** Savepoints that Spring sets for nested transactions, between others of the same connection that are set by hand. */
@Database
class SpringSavepointsTest {

    private final TestDatabase database;
    private final HookJournal told = new HookJournal();

    SpringSavepointsTest(TestDatabase database) {
        this.database = database;
    }

    /** What a nested transaction has set is gone with its savepoint, so that the name is the outer one's again. */
    @ParameterizedTest
    @EnumSource(names = "JPA", mode = EnumSource.Mode.EXCLUDE) // set up here without savepoints
    void nameThatIsSetAgainWithinANestedTransactionIsTheOuterOnesAfterIt(Managers kind) {
        SpringWorld world = new SpringWorld(kind, database.pool(1), told);

        world.template().executeWithoutResult(status -> {
            world.store("ann");
            world.dsl.execute("savepoint mine");
            world.nested().executeWithoutResult(inner -> {
                world.store("bob");
                world.dsl.execute("savepoint mine");
            });
            world.dsl.execute("rollback to savepoint mine");
        });

        assertThat(world.told("failed")).containsExactly("insert account[2]");
        assertThat(world.told("after"))
                .containsExactlyElementsOf(SpringWorld.committed(database))
                .containsExactly("insert account[1]");
    }

    /** It was set past the hooks, so that nobody knows what it undoes; but it is not the inner one, which undoes nothing. */
    @ParameterizedTest
    @EnumSource(names = "JPA", mode = EnumSource.Mode.EXCLUDE)
    void outerOneThatWasNotSeenIsNotTakenForTheInnerOne(Managers kind) {
        SpringWorld world = new SpringWorld(kind, database.pool(1), told);

        assertThatThrownBy(() -> world.template().executeWithoutResult(status -> {
                    new JdbcTemplate(world.dataSource).execute("savepoint mine");
                    world.nested().executeWithoutResult(inner -> {
                        world.store("bob");
                        world.dsl.execute("savepoint mine");
                    });
                    world.dsl.execute("rollback to savepoint mine");
                }))
                .isInstanceOf(TransactionInDoubtException.class);

        assertThat(SpringWorld.committed(database)).isEmpty();
        assertThat(world.told("in doubt")).containsExactly("insert account[1]");
        assertThat(world.told("after")).isEmpty();
    }
}
