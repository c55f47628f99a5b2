package dev.commithooks.jta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.change.Change;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.hook.HookContext;
import dev.commithooks.transaction.AfterCommitException;
import dev.commithooks.transaction.TransactionAbortedException;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Consumer;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.UnexpectedRollbackException;
import org.springframework.transaction.jta.JtaTransactionManager;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** Spring's JtaTransactionManager over the manager with hooks: each outcome reaches the caller by its exception. */
@Database
@NeedsRealCommits("XA connections")
class SpringJtaTest {

    private final TestDatabase database;
    private Consumer<String> deed = phase -> {};

    private final HookJournal told = new HookJournal() {
        @Override
        protected void before(Change<Record> change, HookContext ctx) throws Exception {
            super.before(change, ctx);
            deed.accept("before");
        }

        @Override
        protected void after(Change<Record> change, HookContext ctx) throws Exception {
            super.after(change, ctx);
            deed.accept("after");
        }
    };

    private final JtaWorld world = new JtaWorld(told);
    private final DSLContext dsl;
    private final TransactionTemplate template;

    SpringJtaTest(TestDatabase database) {
        this.database = database;
        this.dsl = world.dsl("shop", world.pool(database, 2));
        JtaTransactionManager manager = new JtaTransactionManager(world.jta.userTransaction(), world.manager);
        manager.afterPropertiesSet();
        this.template = new TransactionTemplate(manager);
    }

    @AfterEach
    void close() {
        world.assertNothingIsLeft();
        world.close();
    }

    @Test
    void committedIsToldOfAndAnInnerOneByItself() {
        TransactionTemplate requiresNew = new TransactionTemplate(
                template.getTransactionManager(),
                new DefaultTransactionDefinition(TransactionDefinition.PROPAGATION_REQUIRES_NEW));

        template.executeWithoutResult(status -> {
            JtaWorld.store(dsl, "ann");
            requiresNew.executeWithoutResult(inner -> JtaWorld.store(dsl, "bob"));
            template.executeWithoutResult(joined -> JtaWorld.store(dsl, "cat"));
        });

        assertThat(told.events())
                .containsSubsequence("after insert account[2]", "after insert account[1]", "after insert account[3]");
        assertThat(JtaWorld.owners(database)).isEqualTo(List.of("ann", "bob", "cat"));
    }

    @Test
    void vetoAndWhatAfterHooksThrowReachTheCaller() {
        UnsupportedOperationException own = new UnsupportedOperationException("no");
        deed = phase -> {
            throw own;
        };
        Throwable veto = catchThrowable(() -> template.executeWithoutResult(status -> JtaWorld.store(dsl, "ann")));
        deed = phase -> {
            if (phase.equals("after")) {
                throw own;
            }
        };
        assertThatThrownBy(() -> template.executeWithoutResult(status -> JtaWorld.store(dsl, "bob")))
                .isInstanceOf(AfterCommitException.class)
                .hasMessageContaining("IS committed");

        assertThat(veto).isSameAs(own);
        assertThat(JtaWorld.owners(database)).isEqualTo(List.of("bob"));
    }

    @Test
    void abortedDeferredAndMarkedAreRolledBack() {
        assertThatThrownBy(() -> template.executeWithoutResult(status -> {
                    JtaWorld.store(dsl, "ann");
                    catchThrowable(() -> dsl.execute("select 1/0"));
                }))
                .isInstanceOf(TransactionAbortedException.class);
        assertThatThrownBy(() -> template.executeWithoutResult(status -> {
                    JtaWorld.store(dsl, "bob");
                    dsl.execute("insert into review (book_id, rating) values (4711, 5)");
                }))
                .isInstanceOf(UnexpectedRollbackException.class)
                .hasRootCauseInstanceOf(SQLException.class);
        template.executeWithoutResult(status -> {
            JtaWorld.store(dsl, "cat");
            status.setRollbackOnly();
        });
        assertThatThrownBy(() -> template.executeWithoutResult(status -> {
                    JtaWorld.store(dsl, "dan");
                    dsl.execute("select 1/0");
                }))
                .isInstanceOf(DataAccessException.class);

        assertThat(told.events())
                .contains(
                        "failed COMMIT insert account[1]",
                        "failed COMMIT insert account[2]",
                        "failed WORK insert account[3]",
                        "failed WORK insert account[4]")
                .noneMatch(event -> event.startsWith("after"));
        assertThat(JtaWorld.owners(database)).isEmpty();
    }
}
