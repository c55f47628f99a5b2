package dev.commithooks.signals;

import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.fixture.AccountEntity;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TcpProxy;
import dev.commithooks.fixture.TcpProxy.Fault;
import dev.commithooks.fixture.TestDatabase;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.hibernate.Session;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What Hibernate tells a listener of its POST_COMMIT events. */
@Database
class HibernateListenersTest {

    private static final String HEADING = "## Hibernate";

    /** What is done in a session's transaction. */
    private interface Work {
        void in(Session session);
    }

    private static final Map<String, Work> SITUATIONS = Map.of(
            "the transaction commits", HibernateListenersTest::persist,
            "COMMIT is refused by a deferred constraint", HibernateListenersTest::refused,
            "an SQL error was swallowed; PostgreSQL answers COMMIT with ROLLBACK", HibernateListenersTest::aborted,
            "the answer to COMMIT is lost", HibernateListenersTest::persist,
            "COMMIT is lost on its way", HibernateListenersTest::persist,
            "a savepoint is rolled back", HibernateListenersTest::savepoint,
            "a row is written by an HQL update", HibernateListenersTest::statement);

    private static final Map<String, Fault> FAULTS = Map.of(
            "the answer to COMMIT is lost",
            Fault.CUT_BEFORE_ANSWER,
            "COMMIT is lost on its way",
            Fault.CUT_BEFORE_ARRIVAL);

    private final TestDatabase database;

    HibernateListenersTest(TestDatabase database) {
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
        Work work = Objects.requireNonNull(SITUATIONS.get(line.situation()));
        Fault fault = FAULTS.get(line.situation());
        String heard;
        if (fault == null) {
            heard = heardIn(database.simpleDataSource(), work);
        } else {
            try (TcpProxy proxy = TcpProxy.before(database)) {
                proxy.onNextCommit(fault);
                heard = heardIn(proxy.dataSource(), work);
            }
        }

        assertThat(List.of(line.situation(), heard, Stage.rows(database))).isEqualTo(line.cells());
    }

    private static String heardIn(DataSource dataSource, Work work) {
        return HibernateWorld.heardIn(dataSource, work::in);
    }

    private static void persist(Session session) {
        session.persist(new AccountEntity("ann"));
        session.flush();
    }

    private static void refused(Session session) {
        persist(session);
        session.createNativeMutationQuery("insert into review (book_id, rating) values (4711, 5)")
                .executeUpdate();
    }

    private static void aborted(Session session) {
        persist(session);
        session.doWork(connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute("select 1 / 0");
            } catch (SQLException swallowed) {
                // As applications do.
            }
        });
    }

    private static void savepoint(Session session) {
        session.doWork(connection -> {
            Savepoint savepoint = connection.setSavepoint();
            persist(session);
            connection.rollback(savepoint);
        });
    }

    private static void statement(Session session) {
        session.createNativeMutationQuery("insert into account (owner, balance) values ('ann', 1)")
                .executeUpdate();
        session.createMutationQuery("update Account set balance = 2").executeUpdate();
    }
}
