package dev.commithooks.faults.model;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.bookshop.shop.Tables.REVIEW;

import com.zaxxer.hikari.HikariDataSource;
import dev.commithooks.CommitHooks;
import dev.commithooks.CommitHooksBuilder;
import dev.commithooks.HookLambdas;
import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.change.Change;
import dev.commithooks.faults.model.Tree.Deed;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.hook.HookContext;
import java.math.BigDecimal;
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
    private final Map<Integer, Deed> deeds;
    private final long firstId;
    private final DSLContext dsl;
    private final boolean hasJdbcSavepoints;
    private final Surroundings around;
    private final Ways ways;
    private int updates;

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
        this.deeds = tree.deeds();
        this.firstId = firstId;
        this.hasJdbcSavepoints = hasJdbcSavepoints;
        CommitHooksBuilder hooks = builder.buckets(tree.buckets());
        if (tree.missing().size() < Tree.HOOKS.size()) {
            hooks.on(ACCOUNT, on -> new Hooks().registerIn(on, tree));
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

    private AccountRecord account(Configuration configuration, int row) {
        AccountRecord account = configuration.dsl().newRecord(ACCOUNT);
        account.setId(firstId + row);
        return account;
    }

    private AccountRecord newAccount(Configuration configuration, int row) {
        AccountRecord account = account(configuration, row);
        account.setOwner("row " + row);
        return account;
    }

    private AccountRecord updatedAccount(Configuration configuration, int row) {
        AccountRecord account = account(configuration, row);
        account.changed(ACCOUNT.ID, false);
        updates++;
        account.setBalance(BigDecimal.valueOf(updates));
        return account;
    }

    private final class RealLevel implements Level {

        private final Configuration tx;
        private final Map<String, List<Savepoint>> savepoints = new HashMap<>();

        RealLevel(Configuration tx) {
            this.tx = tx;
        }

        @Override
        public void insert(int row) {
            newAccount(tx, row).store();
        }

        @Override
        public void update(int row) {
            updatedAccount(tx, row).update();
        }

        @Override
        public void delete(int row) {
            account(tx, row).delete();
        }

        @Override
        public void batchInsert(List<Integer> rows) {
            tx.dsl()
                    .batchInsert(rows.stream().map(row -> newAccount(tx, row)).toList())
                    .execute();
        }

        @Override
        public void batchUpdate(List<Integer> rows) {
            tx.dsl()
                    .batchUpdate(
                            rows.stream().map(row -> updatedAccount(tx, row)).toList())
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
            tx.dsl().execute(fails ? "create table account (id int)" : "truncate table page_view");
        }

        @Override
        public void contend() {
            around.contend(tx.dsl());
        }
    }

    /** The hooks: they note, and do their deeds. */
    private final class Hooks {

        private int note(String phase, Change<AccountRecord> change, HookContext ctx) {
            int row = (int) (change.key().orElseThrow().get(ACCOUNT.ID) - firstId);
            String stage = ctx.failure().map(failure -> " " + failure.stage()).orElse("");
            events.add(phase + " " + change.type() + " " + row + stage);
            return row;
        }

        private void before(Change<AccountRecord> change, HookContext ctx) {
            int row = note("before", change, ctx);
            throwIf(Deed.BEFORE_THROWS, row);
            if (deeds.get(row) == Deed.BEFORE_WRITES) {
                newAccount(ctx.dsl().configuration(), row + 100).store();
            }
        }

        private void after(Change<AccountRecord> change, HookContext ctx) {
            int row = note("after", change, ctx);
            throwIf(Deed.AFTER_THROWS, row);
            if (deeds.get(row) == Deed.AFTER_WRITES) {
                ctx.dsl().transaction(tx -> newAccount(tx, row + 200).store());
            }
        }

        private void failed(Change<AccountRecord> change, HookContext ctx) {
            throwIf(Deed.FAILED_THROWS, note("failed", change, ctx));
        }

        private void throwIf(Deed deed, int row) {
            if (deeds.get(row) == deed) {
                throw new HookException();
            }
        }

        private void inDoubt(Change<AccountRecord> change, HookContext ctx) {
            note("inDoubt", change, ctx);
        }

        /** Those that the tree has; with all others the one that takes every change, too. */
        void registerIn(HookLambdas<AccountRecord> on, Tree tree) {
            if (tree.missing().isEmpty()) {
                on.inDoubt(this::inDoubt);
            }
            Map<String, Runnable> registrations = Map.of(
                    "before INSERT", () -> on.beforeCommitInsert(this::before),
                    "before UPDATE", () -> on.beforeCommitUpdate(this::before),
                    "before DELETE", () -> on.beforeCommitDelete(this::before),
                    "after INSERT", () -> on.afterCommitInsert(this::after),
                    "after UPDATE", () -> on.afterCommitUpdate(this::after),
                    "after DELETE", () -> on.afterCommitDelete(this::after),
                    "failed INSERT", () -> on.failedCommitInsert(this::failed),
                    "failed UPDATE", () -> on.failedCommitUpdate(this::failed),
                    "failed DELETE", () -> on.failedCommitDelete(this::failed));
            registrations.forEach((hook, register) -> {
                if (!tree.missing().contains(hook)) {
                    register.run();
                }
            });
        }
    }
}
