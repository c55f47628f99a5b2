package dev.commithooks.faults.model;

import static dev.commithooks.bookshop.shop.Tables.STOCK;

import dev.commithooks.faults.model.Tree.Network;
import dev.commithooks.faults.model.Tree.Step;
import dev.commithooks.fixture.FailingNetwork;
import dev.commithooks.fixture.FailingNetwork.Fault;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.fixture.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.jooq.tools.jdbc.DefaultConnection;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** What else there is while a tree runs: the other transaction that it meets with, and the network that fails. */
final class Surroundings implements AutoCloseable {

    private final TestDatabase database;
    private final Ways ways;
    private final @Nullable Adversary adversary;
    private final Network fate;
    private final @Nullable FailingNetwork network;

    /** Those that a tree needs. */
    Surroundings(Tree tree, TestDatabase database, Ways ways) throws SQLException {
        this.database = database;
        this.ways = ways;
        this.adversary = contends(tree.steps()) ? Adversary.begin(database, ways) : null;
        this.fate = tree.network();
        this.network = isCut(fate) ? network(database, fate) : null;
    }

    private static boolean isCut(Network fate) {
        return fate == Network.LOSES_COMMIT || fate == Network.LOSES_ANSWER;
    }

    /** Makes the rows that transactions compete for. */
    static void prepare(TestDatabase database) {
        List<String> names = new ArrayList<>(List.of(Adversary.OURS));
        for (int i = 0; i < Adversary.WEIGHT; i++) {
            names.add(Adversary.THEIRS + i);
        }
        database.dsl()
                .insertInto(STOCK, STOCK.ISBN)
                .valuesOfRows(names.stream().map(DSL::row).toList())
                .execute();
    }

    private static boolean contends(List<Step> steps) {
        return steps.stream()
                .anyMatch(step -> step instanceof Tree.Contend
                        || (step instanceof Tree.Nested nested && contends(nested.steps()))
                        || (step instanceof Tree.Savepoint savepoint && contends(savepoint.steps())));
    }

    private static FailingNetwork network(TestDatabase database, Network fate) {
        try {
            FailingNetwork network = new FailingNetwork(database.address().getPort());
            network.onNextCommit(fate == Network.LOSES_COMMIT ? Fault.CUT_BEFORE_ARRIVAL : Fault.CUT_BEFORE_ANSWER);
            return network;
        } catch (IOException e) {
            throw new UncheckedIOException("no port for a network", e);
        }
    }

    TestDatabase database() {
        return database;
    }

    Ways ways() {
        return ways;
    }

    /** The pool's connections, or such as come through the network. */
    DataSource connections(DataSource pool) {
        FailingNetwork failing = network;
        if (failing == null) {
            return fate == Network.SESSION_ENDS ? new EndingSessions(database) : pool;
        }
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), failing.port());
        return new DelegatingDataSource(database.dataSourceAt(address)) {
            @Override
            public Connection getConnection() throws SQLException {
                return failing.watched(super.getConnection());
            }
        };
    }

    /** Lets a statement fail because its session has been idle for too long, or has been ended. */
    void endSession(DSLContext transaction, boolean isIdle) {
        if (!isIdle) {
            database.failByEndOf(transaction);
            return;
        }
        long session = database.session(transaction);
        transaction.execute("set local idle_in_transaction_session_timeout = 1");
        Waiting.until(() -> database.dsl()
                .fetch("select from pg_stat_activity where pid = " + session)
                .isEmpty());
        transaction.execute("select 1");
    }

    /** Lets a transaction lose against the other one. */
    void contend(DSLContext transaction) {
        if (adversary != null) {
            adversary.meet(transaction);
        }
    }

    @Override
    public void close() throws SQLException {
        if (adversary != null) {
            adversary.close();
        }
        if (network != null) {
            network.close();
        }
    }

    /** Connections of which the first that is to commit has its session ended. */
    private static final class EndingSessions extends DelegatingDataSource {

        private final TestDatabase database;
        private boolean hasEnded;

        EndingSessions(TestDatabase database) {
            super(database.realDataSource());
            this.database = database;
        }

        @Override
        public Connection getConnection() throws SQLException {
            return new DefaultConnection(super.getConnection()) {
                @Override
                public void commit() throws SQLException {
                    if (!hasEnded) {
                        hasEnded = true;
                        database.endSession(database.session(database.dsl(getDelegate())));
                    }
                    super.commit();
                }
            };
        }
    }
}
