package dev.commithooks.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import javax.sql.DataSource;
import org.jooq.tools.jdbc.DefaultConnection;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.transaction.TransactionSystemException;
import org.springframework.transaction.UnexpectedRollbackException;

/** A nested transaction of Spring's that could not be rolled back, which nobody noticed. */
@Database
class NestedNotRolledBackTest {

    private final TestDatabase database;
    private final HookJournal told = new HookJournal();

    NestedNotRolledBackTest(TestDatabase database) {
        this.database = database;
    }

    /** Else what hooks are told to have failed would be committed. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "JPA") // which has no nested ones
    void nestedTransactionThatCouldNotBeRolledBackIsNotCommitted(Managers manager) {
        SpringWorld world = new SpringWorld(manager, new RefusingSavepoints(database.pool(1)), told);

        Throwable thrown = catchThrowable(() -> world.template().executeWithoutResult(status -> {
            world.store("ann");
            catchThrowable(() -> world.nested().executeWithoutResult(nested -> {
                world.store("bob");
                throw new IllegalArgumentException();
            }));
        }));

        assertThat(world.told("after", "in doubt")).isEmpty();
        assertThat(world.told("failed")).containsExactlyInAnyOrder("insert account[1]", "insert account[2]");
        assertThat(SpringWorld.committed(database)).isEmpty();
        assertThat(thrown).isInstanceOf(UnexpectedRollbackException.class);
        world.assertNothingIsBound();
    }

    /** A statement that commits, as DDL does on some databases, comes before the rollback that Spring was made to decide on. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "JPA")
    void nestedTransactionThatCouldNotBeRolledBackIsInDoubtWhereItIsCommittedByHand(Managers manager) {
        SpringWorld world = new SpringWorld(manager, new RefusingSavepoints(database.pool(1)), told);

        Throwable thrown = catchThrowable(() -> world.template().executeWithoutResult(status -> {
            world.store("ann");
            catchThrowable(() -> world.nested().executeWithoutResult(nested -> {
                world.store("bob");
                throw new IllegalArgumentException();
            }));
            world.dsl.execute("commit");
        }));

        assertThat(world.told("after", "failed")).isEmpty();
        assertThat(world.told("in doubt")).containsExactly("insert account[1]", "insert account[2]");
        assertThat(SpringWorld.committed(database)).containsExactly("insert account[1]", "insert account[2]");
        assertThat(thrown).isNotNull();
        world.assertNothingIsBound();
    }

    /** Of this nobody tells, and nobody rolls the transaction back for it. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "JPA")
    void rollbackByHandThatFailsUndoesNothing(Managers manager) {
        SpringWorld world = new SpringWorld(manager, new RefusingSavepoints(database.pool(1)), told);

        world.template().executeWithoutResult(status -> {
            Object savepoint = status.createSavepoint();
            world.store("ann");
            assertThatThrownBy(() -> status.rollbackToSavepoint(savepoint))
                    .isInstanceOf(TransactionSystemException.class)
                    .hasRootCauseMessage("refused");
            world.store("bob");
        });

        assertThat(world.told("failed", "in doubt")).isEmpty();
        assertThat(world.told("after")).containsExactly("insert account[1]", "insert account[2]");
        assertThat(SpringWorld.committed(database)).containsExactly("insert account[1]", "insert account[2]");
        world.assertNothingIsBound();
    }

    /** Connections that roll back to no savepoint, and go on. */
    private static final class RefusingSavepoints extends DelegatingDataSource {

        RefusingSavepoints(DataSource pool) {
            super(pool);
        }

        @Override
        public Connection getConnection() throws SQLException {
            return new DefaultConnection(super.getConnection()) {
                @Override
                public void rollback(Savepoint savepoint) throws SQLException {
                    throw new SQLException("refused");
                }
            };
        }
    }
}
