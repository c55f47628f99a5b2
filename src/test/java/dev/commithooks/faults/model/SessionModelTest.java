package dev.commithooks.faults.model;

import com.zaxxer.hikari.HikariDataSource;
import dev.commithooks.CommitHooks;
import dev.commithooks.TransactionSession;
import dev.commithooks.Transactions;
import dev.commithooks.faults.model.RealWorld.Boundaries;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.transaction.Propagation;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import org.jooq.Configuration;
import org.jooq.TransactionalRunnable;
import org.jspecify.annotations.Nullable;

/**
 * The same random transactions as a session's, with savepoints of the session's, of jOOQ's and of {@link Transactions} in it. The
 * property {@code commithooks.model.session-trees} says how many.
 */
class SessionModelTest extends ModelTest {

    private static final int TREES = Integer.getInteger("commithooks.model.session-trees", 100);

    private final TestDatabase database;

    SessionModelTest(TestDatabase database) throws SQLException {
        super(database);
        this.database = database;
    }

    @Override
    int trees() {
        return TREES;
    }

    @Override
    RealWorld world(Tree tree, Surroundings around, HikariDataSource pool, long firstRow) {
        return new RealWorld(
                tree,
                CommitHooks.builder(),
                database.dsl(around.connections(pool)),
                around,
                firstRow,
                true,
                new Sessions(tree.source()));
    }

    /** A session is closed without a word why, which is a rollback on purpose. */
    @Override
    List<String> promised(List<String> events) {
        return events.stream()
                .map(event -> event.replace(" WORK", " ROLLBACK_ONLY"))
                .toList();
    }

    /** The first transaction is a session's, those in it are nested. */
    private static final class Sessions implements Boundaries {

        private final Tree.Source kind;
        private @Nullable TransactionSession session;

        Sessions(Tree.Source kind) {
            this.kind = kind;
        }

        @Override
        public void transaction(Configuration outer, TransactionalRunnable work) {
            if (session == null) {
                inSession(outer, work);
            } else if (!outer.equals(session.dsl().configuration())) {
                outer.dsl().transaction(work); // a hook's own
            } else {
                switch (kind) {
                    case POOL -> inSavepoint(session, outer, work);
                    case EXPLICIT_DEFAULT -> outer.dsl().transaction(work);
                    case THREAD_LOCAL ->
                        Transactions.with(outer).propagation(Propagation.NESTED).run(work);
                }
            }
        }

        private void inSession(Configuration outer, TransactionalRunnable work) {
            try (TransactionSession opened = Transactions.with(outer).open()) {
                session = opened;
                run(work, opened.dsl().configuration());
                opened.commit();
            } finally {
                session = null;
            }
        }

        private static void inSavepoint(TransactionSession session, Configuration outer, TransactionalRunnable work) {
            try (TransactionSession.Savepoint savepoint = session.savepoint()) {
                run(work, Objects.requireNonNull(outer));
                savepoint.release();
            }
        }

        private static void run(TransactionalRunnable work, Configuration configuration) {
            try {
                work.run(configuration);
            } catch (RuntimeException unchecked) {
                throw unchecked;
            } catch (Throwable checked) {
                throw new AssertionError(checked);
            }
        }
    }
}
