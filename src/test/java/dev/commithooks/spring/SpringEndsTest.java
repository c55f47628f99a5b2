package dev.commithooks.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.zaxxer.hikari.HikariDataSource;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.transaction.TransactionInDoubtException;
import java.util.ArrayList;
import java.util.List;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** What comes around the end of a transaction of Spring's, on its connection, which is bound to the thread still. */
@Database
class SpringEndsTest {

    private final TestDatabase database;
    private final HookJournal told = new HookJournal();

    SpringEndsTest(TestDatabase database) {
        this.database = database;
    }

    private static void afterCommit(Runnable work) {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                work.run();
            }
        });
    }

    @Test
    void statementThatFailsAfterCommitFailsAsWithoutHooks() {
        SpringWorld world = new SpringWorld(Managers.JDBC, database.pool(1), told);
        List<Throwable> failures = new ArrayList<>();

        world.template()
                .executeWithoutResult(status -> afterCommit(
                        () -> failures.add(catchThrowable(() -> world.dsl.execute("select nothing from nowhere")))));

        assertThat(failures).singleElement().isInstanceOf(DataAccessException.class);
        world.assertNothingIsBound();
    }

    @Test
    void savepointAfterCommitConcernsNoHook() {
        SpringWorld world = new SpringWorld(Managers.JDBC, database.pool(1), told);
        List<Throwable> failures = new ArrayList<>();

        world.template()
                .executeWithoutResult(status -> afterCommit(() -> {
                    failures.add(catchThrowable(() -> world.dsl.execute("savepoint late")));
                    failures.add(catchThrowable(() -> world.dsl.connection(connection -> connection.rollback())));
                }));

        assertThat(failures).containsOnlyNulls();
        assertThat(told.events()).isEmpty();
    }

    @Test
    void failingStatementAfterCommitChangesNothingOfWhatIsTold() {
        SpringWorld world = new SpringWorld(Managers.JDBC, database.pool(1), told);
        List<Throwable> failures = new ArrayList<>();

        world.template().executeWithoutResult(status -> {
            world.store("ann");
            afterCommit(() -> {
                failures.add(catchThrowable(() -> world.dsl.execute("savepoint late")));
                failures.add(catchThrowable(() -> world.dsl.execute("select nothing from nowhere")));
                failures.add(catchThrowable(() -> world.dsl.connection(connection -> connection.rollback())));
            });
        });

        assertThat(failures.get(0)).isNull();
        assertThat(failures.get(1)).isInstanceOf(DataAccessException.class);
        assertThat(failures.get(2)).isNull();
        assertThat(world.told("after"))
                .containsExactlyElementsOf(SpringWorld.committed(database))
                .containsExactly("insert account[1]");
        assertThat(world.told("in doubt")).isEmpty();
    }

    /** A block that is marked is rolled back to its savepoint, and its failed hooks run then. */
    @Test
    void failedHooksOfANestedTransactionThatIsMarkedRunWhenItIsRolledBack() {
        SpringWorld world = new SpringWorld(Managers.JDBC, database.pool(1), told);

        world.template().executeWithoutResult(status -> {
            world.store("ann");
            world.nested().executeWithoutResult(inner -> {
                world.store("bob");
                inner.setRollbackOnly();
            });
            assertThat(told.events()).containsExactly("failed SAVEPOINT insert account[2]");
        });

        assertThat(world.told("after"))
                .containsExactlyElementsOf(SpringWorld.committed(database))
                .containsExactly("insert account[1]");
    }

    @Test
    void writeThatComesTooLateIsRefused() {
        SpringWorld world = new SpringWorld(Managers.JDBC, database.pool(1), told);

        assertThatThrownBy(
                        () -> world.template().executeWithoutResult(status -> afterCommit(() -> world.store("late"))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("nothing was sent");
        assertThat(SpringWorld.committed(database)).isEmpty();
    }

    /** JdbcTemplate's statements are not seen, but that no transaction is open any more is. */
    @ParameterizedTest
    @EnumSource(Managers.class)
    void rollbackByJdbcTemplateIsFoundBeforeCommit(Managers manager) {
        HikariDataSource pool = database.pool(1);
        SpringWorld world = new SpringWorld(manager, pool, told);

        assertThatThrownBy(() -> world.template().executeWithoutResult(status -> {
                    world.store("ann");
                    new JdbcTemplate(pool).execute("rollback");
                }))
                .isInstanceOf(TransactionInDoubtException.class);

        assertThat(SpringWorld.committed(database)).isEmpty();
        assertThat(world.told("in doubt")).containsExactly("insert account[1]");
        assertThat(world.told("before", "after", "failed")).isEmpty();
        world.assertNothingIsBound();
    }

    @ParameterizedTest
    @EnumSource(
            value = Managers.class,
            names = {"DATA_SOURCE", "JDBC", "JPA"})
    void commitByJdbcTemplateIsFoundBeforeRollback(Managers manager) {
        HikariDataSource pool = database.pool(1);
        SpringWorld world = new SpringWorld(manager, pool, told);

        assertThatThrownBy(() -> world.template().executeWithoutResult(status -> {
                    world.store("ann");
                    new JdbcTemplate(pool).execute("commit");
                    throw new IllegalArgumentException("mine");
                }))
                .hasMessage("mine");

        assertThat(SpringWorld.committed(database)).containsExactly("insert account[1]");
        assertThat(world.told("in doubt")).containsExactly("insert account[1]");
        assertThat(world.told("after", "failed")).isEmpty();
        world.assertNothingIsBound();
    }
}
