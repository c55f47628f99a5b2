package dev.commithooks.faults.model;

import dev.commithooks.faults.model.Ways.Contention;
import dev.commithooks.fixture.Product;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.fixture.Waiting;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import org.jooq.DSLContext;

/**
 * Another transaction, against which a tree's loses: it has written more, which MariaDB looks at when it chooses a deadlock's
 * victim, has begun before, which H2 looks at, and has more patience, which PostgreSQL looks at. SQLite lets only one write.
 */
final class Adversary implements AutoCloseable {

    static final String OURS = "ours";
    static final String THEIRS = "theirs";
    static final int WEIGHT = 60;

    private static final String TAKE_OURS = "update stock set quantity = quantity + 1 where isbn = '" + OURS + "'";
    private static final String TAKE_THEIRS = "update stock set quantity = quantity + 1 where isbn = '" + THEIRS + "0'";

    private final TestDatabase database;
    private final Ways ways;
    private final Connection connection;

    private Adversary(TestDatabase database, Ways ways, Connection connection) {
        this.database = database;
        this.ways = ways;
        this.connection = connection;
    }

    /** One that is there before the tree's transaction. */
    static Adversary begin(TestDatabase database, Ways ways) throws SQLException {
        Adversary adversary =
                new Adversary(database, ways, database.realDataSource().getConnection());
        if (ways.contention() == Contention.BUSY) {
            adversary.execute("pragma busy_timeout = 0");
            return adversary;
        }
        adversary.connection.setAutoCommit(false);
        if (ways.product() == Product.POSTGRESQL) {
            adversary.execute("set deadlock_timeout = '1h'");
        }
        adversary.execute("update stock set quantity = quantity + 1 where isbn >= '" + THEIRS + "'");
        return adversary;
    }

    /** Gets into the way of a transaction, and leaves. */
    void meet(DSLContext transaction) {
        try {
            if (ways.contention() == Contention.BUSY) {
                lock(transaction);
            } else {
                deadlock(transaction);
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the other transaction failed", e);
        }
    }

    private void lock(DSLContext transaction) throws SQLException {
        try {
            execute("begin immediate");
        } catch (SQLException theirs) {
            return;
        }
        try {
            transaction.execute("pragma busy_timeout = 0");
            transaction.execute(TAKE_OURS);
        } finally {
            execute("rollback");
        }
    }

    private void deadlock(DSLContext transaction) throws SQLException {
        transaction.execute(TAKE_OURS);
        CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> {
            try {
                execute(TAKE_OURS);
            } catch (SQLException e) {
                throw new IllegalStateException("the other transaction has lost", e);
            }
        });
        try {
            if (ways.product() == Product.POSTGRESQL) {
                awaitSomebodyWaiting();
                transaction.execute("set local deadlock_timeout = '1ms'");
            }
            transaction.execute(TAKE_THEIRS);
        } finally {
            waiting.join();
            connection.rollback();
        }
    }

    private void awaitSomebodyWaiting() {
        DSLContext witness = database.dsl();
        Waiting.until(() -> witness.fetchExists(
                org.jooq.impl.DSL.table("pg_locks"),
                org.jooq.impl.DSL.condition("not granted and pid in (select pid from pg_stat_activity"
                        + " where datname = current_database())")));
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws SQLException {
        if (!connection.getAutoCommit()) {
            connection.rollback();
        }
        connection.close();
    }
}
