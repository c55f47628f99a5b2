package dev.commithooks.signals;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.bookshop.shop.Tables.REVIEW;
import static dev.commithooks.signals.Stage.store;
import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.CommitHooks;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TcpProxy;
import dev.commithooks.fixture.TcpProxy.Fault;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.signals.Stage.Situation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jooq.Configuration;
import org.jooq.SQLDialect;
import org.jooq.TransactionContext;
import org.jooq.TransactionListener;
import org.jooq.TransactionProvider;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DataSourceConnectionProvider;
import org.jooq.impl.DefaultConfiguration;
import org.jooq.impl.DefaultTransactionProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What jOOQ tells a transaction listener, and what a hook is told. */
@Database
class TransactionListenersTest {

    private static final String HEADING = "## jOOQ's transaction listeners";

    private static final Map<String, Situation> SITUATIONS = Map.of(
            "the transaction commits", stage -> stage.dsl().transaction(tx -> store(tx, "ann")),
            "COMMIT is refused by a deferred constraint", TransactionListenersTest::refusedCommit,
            "an SQL error was swallowed; PostgreSQL answers COMMIT with ROLLBACK", TransactionListenersTest::aborted,
            "a nested transaction ends well, then the outer one throws", TransactionListenersTest::outerThrows,
            "the answer to COMMIT is lost", stage -> lostCommit(stage, Fault.CUT_BEFORE_ANSWER),
            "COMMIT is lost on its way", stage -> lostCommit(stage, Fault.CUT_BEFORE_ARRIVAL),
            "another listener throws in commitEnd", TransactionListenersTest::throwingListener,
            "a provider throws when its COMMIT has succeeded", TransactionListenersTest::throwingProvider,
            "a nested transaction is rolled back, by a provider without savepoints",
                    TransactionListenersTest::withoutSavepoints,
            "somebody calls Connection.commit(), then the block throws", TransactionListenersTest::committedByHand);

    private final TestDatabase database;

    TransactionListenersTest(TestDatabase database) {
        this.database = database;
    }

    static Stream<SignalLine> lines() {
        return SignalLine.under(HEADING);
    }

    @Test
    void pageTellsOfEachSituation() {
        SignalLine.tellsOfAll(HEADING, SITUATIONS.keySet());
    }

    @ParameterizedTest
    @MethodSource("lines")
    void happensAsThePageSays(SignalLine line) {
        Situation situation = Objects.requireNonNull(SITUATIONS.get(line.situation()));
        Listener listener = new Listener();
        Told told = new Told();
        CommitHooks hooks = CommitHooks.builder().register(ACCOUNT, told).build();

        String rows = Stage.rowsAfter(situation, database, plain -> plain.deriveAppending(listener));
        String rowsWithHooks = Stage.rowsAfter(situation, database, hooks::attachTo);

        assertThat(rowsWithHooks).isEqualTo(rows);
        assertThat(List.of(line.situation(), listener.heard(), rows, told.heard()))
                .isEqualTo(line.cells());
    }

    private static void refusedCommit(Stage stage) {
        stage.dsl().transaction(tx -> {
            store(tx, "ann");
            tx.dsl()
                    .insertInto(REVIEW, REVIEW.BOOK_ID, REVIEW.RATING)
                    .values(4711L, (short) 5)
                    .execute();
        });
    }

    private static void aborted(Stage stage) {
        stage.dsl().transaction(tx -> {
            store(tx, "ann");
            try {
                tx.dsl().execute("select 1 / 0");
            } catch (DataAccessException swallowed) {
                // As applications do.
            }
        });
    }

    private static void outerThrows(Stage stage) {
        stage.dsl().transaction(tx -> {
            tx.dsl().transaction(nested -> store(nested, "ann"));
            throw new IllegalStateException("changed her mind");
        });
    }

    private static void lostCommit(Stage stage, Fault fault) {
        try (TcpProxy proxy = TcpProxy.before(stage.database())) {
            proxy.onNextCommit(fault);
            stage.on(proxy.dataSource()).transaction(tx -> store(tx, "ann"));
        }
    }

    private static void throwingListener(Stage stage) {
        Configuration configuration = configuration(stage);
        stage.on(configuration.deriveAppending(new TransactionListener() {
                    @Override
                    public void commitEnd(TransactionContext ctx) {
                        throw new IllegalStateException("the metrics are full");
                    }
                }))
                .transaction(tx -> store(tx, "ann"));
    }

    private static void throwingProvider(Stage stage) {
        Configuration configuration = configuration(stage);
        TransactionProvider provider = new DefaultTransactionProvider(configuration.connectionProvider());
        stage.on(configuration.set(new TransactionProvider() {
                    @Override
                    public void begin(TransactionContext ctx) {
                        provider.begin(ctx);
                    }

                    @Override
                    public void commit(TransactionContext ctx) {
                        provider.commit(ctx);
                        throw new IllegalStateException("what was to be done after the commit failed");
                    }

                    @Override
                    public void rollback(TransactionContext ctx) {
                        provider.rollback(ctx);
                    }
                }))
                .transaction(tx -> store(tx, "ann"));
    }

    private static void withoutSavepoints(Stage stage) {
        Configuration configuration = configuration(stage);
        stage.on(configuration.set(new DefaultTransactionProvider(configuration.connectionProvider(), false)))
                .transaction(tx -> {
                    try {
                        tx.dsl().transaction(nested -> {
                            store(nested, "ann");
                            throw new IllegalStateException("changed her mind");
                        });
                    } catch (IllegalStateException caught) {
                        // The outer transaction goes on.
                    }
                });
    }

    private static void committedByHand(Stage stage) {
        stage.dsl().transaction(tx -> {
            store(tx, "ann");
            tx.dsl().connection(connection -> connection.commit());
            throw new IllegalStateException("changed her mind");
        });
    }

    private static Configuration configuration(Stage stage) {
        return new DefaultConfiguration()
                .set(new DataSourceConnectionProvider(stage.database().simpleDataSource()))
                .set(SQLDialect.POSTGRES);
    }

    /** Notes the ends that it is told of. */
    private static final class Listener implements TransactionListener {

        private final List<String> heard = new ArrayList<>();
        private @Nullable TransactionContext outer;

        @Override
        public void beginStart(TransactionContext ctx) {
            if (outer == null) {
                outer = ctx;
            }
        }

        @Override
        public void commitEnd(TransactionContext ctx) {
            note("commitEnd", ctx);
            assertThat(ctx.cause()).isNull();
        }

        @Override
        public void rollbackEnd(TransactionContext ctx) {
            note("rollbackEnd", ctx);
        }

        private void note(String event, TransactionContext ctx) {
            heard.add(ctx == outer ? event : "nested " + event);
        }

        String heard() {
            return heard.isEmpty() ? "nothing" : String.join(", ", heard);
        }
    }
}
