package dev.commithooks.faults.model;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.bookshop.shop.Tables.REVIEW;

import com.zaxxer.hikari.HikariDataSource;
import dev.commithooks.CommitHooks;
import dev.commithooks.CommitHooksBuilder;
import dev.commithooks.fixture.TestDatabase;
import java.sql.Connection;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.sql.DataSource;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.TransactionalRunnable;
import org.jooq.impl.DataSourceConnectionProvider;
import org.jooq.impl.DefaultTransactionProvider;

/** The library, jOOQ and a database. */
final class RealWorld implements World {

    /** What hooks and callbacks were told. */
    final List<String> events = new ArrayList<>();

    /** Begins and ends transactions. */
    interface Boundaries {

        /** Runs work in a transaction, nested in the one that this configuration is in. */
        void transaction(Configuration outer, TransactionalRunnable work);
    }

    private final Boundaries boundaries;
    private final Accounts accounts;
    private final DSLContext dsl;
    private final boolean hasJdbcSavepoints;
    private final Surroundings around;
    private final Ways ways;

    /** A tree's world; its row 0 would have this id. */
    RealWorld(Tree tree, Surroundings around, HikariDataSource pool, long firstId) {
        this(
                tree,
                CommitHooks.builder(),
                plain(tree.source(), around.database(), around.connections(pool)),
                around,
                firstId,
                true);
    }

    /** The same with jOOQ on whatever begins and ends transactions. */
    RealWorld(
            Tree tree,
            CommitHooksBuilder builder,
            DSLContext plain,
            Surroundings around,
            long firstId,
            boolean hasJdbcSavepoints) {
        this(
                tree,
                builder,
                plain,
                around,
                firstId,
                hasJdbcSavepoints,
                (outer, work) -> outer.dsl().transaction(work));
    }

    /** The same with somebody else than jOOQ who begins and ends transactions. */
    RealWorld(
            Tree tree,
            CommitHooksBuilder builder,
            DSLContext plain,
            Surroundings around,
            long firstId,
            boolean hasJdbcSavepoints,
            Boundaries boundaries) {
        this.boundaries = boundaries;
        this.around = around;
        this.ways = around.ways();
        this.accounts = new Accounts(firstId);
        this.hasJdbcSavepoints = hasJdbcSavepoints;
        CommitHooksBuilder hooks = builder.buckets(tree.buckets());
        if (tree.missing().size() < Tree.HOOKS.size()) {
            hooks.on(ACCOUNT, on -> new RealHooks(events, tree, accounts).registerIn(on));
        }
        this.dsl = hooks.build().attachTo(plain);
    }

    private static DSLContext plain(Tree.Source source, TestDatabase database, DataSource pool) {
        DataSourceConnectionProvider connections = new DataSourceConnectionProvider(pool);
        Configuration configuration = database.configuration().set(connections);
        switch (source) {
            case POOL -> {}
            case EXPLICIT_DEFAULT -> configuration.set(new DefaultTransactionProvider(connections));
            case THREAD_LOCAL -> configuration.set(CommitHooks.threadLocalTransactionProvider(connections));
        }
        return configuration.dsl();
    }

    DSLContext dsl() {
        return dsl;
    }

    @Override
    public void transaction(Work work) {
        boundaries.transaction(dsl.configuration(), tx -> work.in(new RealLevel(tx)));
    }

    private final class RealLevel implements Level {

        private final Configuration tx;
        private final Map<String, List<Savepoint>> savepoints = new HashMap<>();

        RealLevel(Configuration tx) {
            this.tx = tx;
        }

        @Override
        public void insert(int row) {
            accounts.created(tx, row).store();
        }

        @Override
        public void update(int row) {
            accounts.updated(tx, row).update();
        }

        @Override
        public void delete(int row) {
            accounts.known(tx, row).delete();
        }

        @Override
        public void batchInsert(List<Integer> rows) {
            tx.dsl()
                    .batchInsert(
                            rows.stream().map(row -> accounts.created(tx, row)).toList())
                    .execute();
        }

        @Override
        public void batchUpdate(List<Integer> rows) {
            tx.dsl()
                    .batchUpdate(
                            rows.stream().map(row -> accounts.updated(tx, row)).toList())
                    .execute();
        }

        @Override
        public void fail() {
            tx.dsl().execute("select nothing from nowhere");
        }

        @Override
        public void nested(Work work) {
            boundaries.transaction(tx, nested -> work.in(new RealLevel(nested)));
        }

        @Override
        public void savepoint(String name, boolean jdbc) {
            if (jdbc && hasJdbcSavepoints) {
                savepoints
                        .computeIfAbsent(name, n -> new ArrayList<>())
                        .add(Objects.requireNonNull(
                                tx.dsl().connectionResult(connection -> connection.setSavepoint(ways.jdbcName(name)))));
            } else {
                execute("savepoint " + ways.identifier(name, jdbc), jdbc);
            }
        }

        @Override
        public void release(String name, boolean jdbc) {
            if (jdbc && hasJdbcSavepoints) {
                Savepoint released = last(name);
                Objects.requireNonNull(savepoints.get(name)).remove(released);
                tx.dsl().connection(connection -> connection.releaseSavepoint(released));
            } else {
                execute("release savepoint " + ways.identifier(name, jdbc), jdbc);
            }
        }

        @Override
        public void rollbackTo(String name, boolean jdbc) {
            if (jdbc && hasJdbcSavepoints) {
                tx.dsl().connection(connection -> connection.rollback(last(name)));
            } else {
                execute("rollback to savepoint " + ways.identifier(name, jdbc), jdbc);
            }
        }

        /** By jOOQ, or by JDBC on a connection of jOOQ's. */
        private void execute(String sql, boolean jdbc) {
            if (jdbc) {
                tx.dsl().connection(connection -> {
                    try (Statement statement = connection.createStatement()) {
                        statement.execute(sql);
                    }
                });
            } else {
                tx.dsl().execute(sql);
            }
        }

        private Savepoint last(String name) {
            List<Savepoint> ofName = Objects.requireNonNull(savepoints.get(name));
            return ofName.get(ofName.size() - 1);
        }

        @Override
        public void onCommit(int number) {
            CommitHooks.current(tx).onCommit(() -> events.add("onCommit " + number));
        }

        @Override
        public void onRollback(int number) {
            CommitHooks.current(tx).onRollback(failure -> events.add("onRollback " + number + " " + failure.stage()));
        }

        @Override
        public void rollbackOnly() {
            CommitHooks.current(tx).setRollbackOnly();
        }

        @Override
        public void breakDeferredConstraint() {
            tx.dsl()
                    .insertInto(REVIEW, REVIEW.BOOK_ID, REVIEW.RATING)
                    .values(-1L, (short) 1)
                    .execute();
        }

        @Override
        public void ddl(boolean fails) {
            List<String> statements = fails ? List.of("create table account (id int)") : ways.ddl();
            statements.forEach(tx.dsl()::execute);
        }

        @Override
        public void contend() {
            around.contend(tx.dsl());
        }

        @Override
        public void endByHand(Tree.Hand hand) {
            switch (hand) {
                case COMMIT -> tx.dsl().connection(Connection::commit);
                case COMMIT_BY_SQL -> tx.dsl().execute("commit");
                case SWITCH_TO_AUTOCOMMIT ->
                    tx.dsl().connection(connection -> {
                        connection.setAutoCommit(true);
                        connection.setAutoCommit(false);
                    });
                case ROLLBACK -> tx.dsl().connection(Connection::rollback);
                case ROLLBACK_BY_SQL -> tx.dsl().execute("rollback");
            }
        }

        @Override
        public void sessionEnds(boolean isIdle) {
            around.endSession(tx.dsl(), isIdle);
        }
    }
}
