package dev.commithooks.faults.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.commithooks.CommitHooks;
import dev.commithooks.faults.model.RealWorld.Boundaries;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.spring.SpringTransactions;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.TransactionalRunnable;
import org.jooq.impl.DataSourceConnectionProvider;
import org.junit.jupiter.api.AfterEach;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The same random transactions as Spring's: a third of them begun by jOOQ, a third by Spring's template, the others by one and the
 * other, level by level. The property {@code commithooks.model.spring-trees} says how many.
 */
@Needs(Ability.TOLD_TRANSACTIONS) // SQLite leaves open what COMMIT refuses, and Spring gives it back to the pool
class SpringModelTest extends ModelTest {

    private static final int TREES = Integer.getInteger("commithooks.model.spring-trees", 100);

    private final SpringTransactions spring = new SpringTransactions();

    private final TestDatabase database;

    SpringModelTest(TestDatabase database) throws SQLException {
        super(database);
        this.database = database;
    }

    @AfterEach
    void nothingIsBound() {
        assertThat(TransactionSynchronizationManager.getResourceMap()).isEmpty();
        assertThat(TransactionSynchronizationManager.isSynchronizationActive()).isFalse();
        assertThat(spring).hasToString("Spring's transactions, 0 open");
    }

    @Override
    int trees() {
        return TREES;
    }

    @Override
    Ways ways() {
        return super.ways().ofSpring();
    }

    /** Of a nested transaction that could not be rolled back, Spring has exceptions of its own, there and at COMMIT. */
    @Override
    boolean isKnownByOutcomeOnly(ModelWorld model) {
        return super.isKnownByOutcomeOnly(model) || model.hasLostSavepoint;
    }

    /** Where there is no hook, Spring decides by itself. */
    @Override
    Tree tree(long seed) {
        Tree tree = super.tree(seed);
        return tree.missing().size() < Tree.HOOKS.size()
                ? tree
                : new Tree(tree.source(), tree.buckets(), tree.steps(), tree.end(), tree.deeds());
    }

    @Override
    RealWorld world(Tree tree, Surroundings around, HikariDataSource pool, long firstRow) {
        DataSource connections = around.connections(pool);
        AbstractPlatformTransactionManager plain = tree.steps().size() % 2 == 0
                ? new DataSourceTransactionManager(connections)
                : new JdbcTransactionManager(connections);
        PlatformTransactionManager manager = spring.manage(plain);
        DSLContext dsl = database.configuration()
                .set(new DataSourceConnectionProvider(new TransactionAwareDataSourceProxy(connections)))
                .set(SpringTransactions.provider(manager))
                .dsl();
        return new RealWorld(
                tree,
                CommitHooks.builder().owner(spring),
                dsl,
                around,
                firstRow,
                true,
                boundaries(tree.source(), manager));
    }

    private static Boundaries boundaries(Tree.Source source, PlatformTransactionManager manager) {
        TransactionTemplate template = new TransactionTemplate(manager);
        template.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
        return switch (source) {
            case POOL -> SpringModelTest::byJooq;
            case EXPLICIT_DEFAULT -> (outer, work) -> byTemplate(template, outer, work);
            case THREAD_LOCAL ->
                new Boundaries() {
                    private int begun;

                    @Override
                    public void transaction(Configuration outer, TransactionalRunnable work) {
                        if (begun++ % 2 == 0) {
                            byTemplate(template, outer, work);
                        } else {
                            byJooq(outer, work);
                        }
                    }
                };
        };
    }

    private static void byJooq(Configuration outer, TransactionalRunnable work) {
        outer.dsl().transaction(work);
    }

    private static void byTemplate(TransactionTemplate template, Configuration outer, TransactionalRunnable work) {
        template.executeWithoutResult(status -> {
            try {
                work.run(outer);
            } catch (RuntimeException unchecked) {
                throw unchecked;
            } catch (Throwable checked) {
                throw new AssertionError(checked);
            }
        });
    }
}
