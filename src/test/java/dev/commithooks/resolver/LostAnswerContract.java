package dev.commithooks.resolver;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.fixture.FailingNetwork;
import dev.commithooks.fixture.FailingNetwork.Fault;
import dev.commithooks.fixture.Waiting;
import dev.commithooks.transaction.TransactionInDoubtException;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.conf.Settings;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The network breaks at COMMIT, on a server that is not PostgreSQL's: hooks are told what the marker knows. */
abstract class LostAnswerContract {

    private final List<String> told = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger asked = new AtomicInteger();
    private FailingNetwork network;
    private DSLContext plain;

    /** The database through a port: the server's, or a network's. It has the tables of markers and {@code account}. */
    abstract DataSource through(int port);

    abstract int serverPort();

    abstract SQLDialect dialect();

    @BeforeEach
    void connect() throws IOException {
        network = new FailingNetwork(serverPort());
        plain = DSL.using(through(serverPort()), dialect(), new Settings().withRenderSchema(false));
        plain.deleteFrom(ACCOUNT).execute();
    }

    @AfterEach
    void disconnect() {
        network.close();
    }

    private DSLContext hooked() {
        DataSource failing = SimpleDataSource.of(
                () -> network.watched(through(network.port()).getConnection()));
        DataSource asking = SimpleDataSource.of(() -> {
            asked.incrementAndGet();
            return through(serverPort()).getConnection();
        });
        return CommitHooks.builder()
                .on(
                        ACCOUNT,
                        on -> on.afterCommitInsert((account, ctx) -> told.add("after"))
                                .failedCommitInsert((account, ctx) -> told.add("failed"))
                                .inDoubt((account, ctx) -> told.add("in doubt")))
                .outcomeResolver(MarkerOutcomeResolver.builder(asking)
                        .pollInterval(Duration.ofMillis(10))
                        .sweepOn(work -> {})
                        .build())
                .build()
                .attachTo(DSL.using(failing, dialect(), new Settings().withRenderSchema(false)));
    }

    private static void store(DSLContext dsl) {
        dsl.transaction(tx -> {
            AccountRecord account = tx.dsl().newRecord(ACCOUNT);
            account.setOwner("ann");
            account.store();
        });
    }

    private int rows() {
        return plain.fetchCount(ACCOUNT);
    }

    @Test
    void lostAnswerWasACommit() throws Exception {
        network.onNextCommit(Fault.CUT_BEFORE_ANSWER);

        store(hooked());

        assertThat(network.hasHappened()).isTrue();
        assertThat(told).containsExactly("after");
        assertThat(rows()).isEqualTo(1);
        assertThat(asked).hasPositiveValue();
    }

    @Test
    void lostCommitDidNotHappen() throws Exception {
        network.onNextCommit(Fault.CUT_BEFORE_ARRIVAL);

        assertThatThrownBy(() -> store(hooked()))
                .isInstanceOf(DataAccessException.class)
                .isNotInstanceOf(TransactionInDoubtException.class);

        assertThat(network.hasHappened()).isTrue();
        assertThat(told).containsExactly("failed");
        assertThat(rows()).isZero();
    }

    @Test
    void commitThatIsStillOnItsWayIsWaitedForAndArrives() throws Exception {
        FutureTask<Void> storing = storingUntilTheResolverHasAskedInVain();

        network.deliver();

        storing.get(60, TimeUnit.SECONDS);
        assertThat(told).containsExactly("after");
        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void commitThatIsStillOnItsWayIsWaitedForAndIsLost() throws Exception {
        FutureTask<Void> storing = storingUntilTheResolverHasAskedInVain();

        network.lose();

        assertThatThrownBy(() -> storing.get(60, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(DataAccessException.class);
        assertThat(told).containsExactly("failed");
        assertThat(rows()).isZero();
    }

    private FutureTask<Void> storingUntilTheResolverHasAskedInVain() throws InterruptedException {
        network.onNextCommit(Fault.HOLD_COMMIT);
        DSLContext dsl = hooked();
        FutureTask<Void> storing = new FutureTask<>(() -> store(dsl), null);
        new Thread(storing).start();
        assertThat(network.hasHappened()).isTrue();
        Waiting.until(() -> asked.get() >= 2);
        assertThat(told).isEmpty();
        return storing;
    }

    static void execute(DataSource dataSource, String sql) throws SQLException {
        try (var connection = dataSource.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
