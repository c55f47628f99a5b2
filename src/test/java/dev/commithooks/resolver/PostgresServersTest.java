package dev.commithooks.resolver;

import static dev.commithooks.resolver.Asking.await;
import static dev.commithooks.resolver.Asking.counting;
import static dev.commithooks.resolver.Asking.execute;
import static dev.commithooks.resolver.Asking.start;
import static dev.commithooks.resolver.PostgresOutcomeResolverTest.begin;
import static dev.commithooks.resolver.PostgresOutcomeResolverTest.resolver;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.OwnServer;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.spi.OutcomeResolver.Inquiry;
import dev.commithooks.transaction.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.jooq.SQLDialect;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A PostgreSQL server that is asked and has been restarted, has crashed, or is another one. */
@Database
class PostgresServersTest {

    private static OwnServer server;

    private final TestDatabase database;

    PostgresServersTest(TestDatabase database) {
        this.database = database;
    }

    @BeforeAll
    static void launch() {
        server = OwnServer.launch();
    }

    @AfterAll
    static void close() {
        server.close();
    }

    @Test
    void restartedServerIsWaitedForAndKnows() throws Exception {
        try (TestDatabase own = server.createDatabase()) {
            CountDownLatch refused = new CountDownLatch(2);
            PostgresOutcomeResolver resolver = resolver(counting(own.simpleDataSource(), refused));
            Connection committing = begin(own);
            Connection working = begin(own);
            Inquiry committed = resolver.prepare(committing);
            Inquiry lost = resolver.prepare(working);
            committing.commit();
            server.stop();
            FutureTask<Outcome> answer = start(committed::resolve);
            await(refused);
            server.restart();

            assertThat(answer.get(60, TimeUnit.SECONDS)).isEqualTo(Outcome.COMMITTED);
            assertThat(lost.resolve()).isEqualTo(Outcome.ROLLED_BACK);
        }
    }

    /** The next transaction may get the id of one that the crash has wiped out. */
    @Test
    void crashedServerKnowsOnlyWhatDidNotCommit() throws Exception {
        try (TestDatabase own = server.createDatabase()) {
            PostgresOutcomeResolver resolver = resolver(own.simpleDataSource());
            MarkerOutcomeResolver marking = marking(own);
            Connection committing = begin(own);
            Inquiry committed = resolver.prepare(committing);
            Inquiry committedWithMarker = marking.prepare(committing);
            committing.commit();
            Connection working = begin(own);
            Inquiry lost = resolver.prepare(working);
            Inquiry lostWithMarker = marking.prepare(working);
            server.crash();
            server.restart();

            assertThat(committedWithMarker.resolve()).isEqualTo(Outcome.COMMITTED); // a marker outlives a crash
            assertThat(lostWithMarker.resolve()).isEqualTo(Outcome.ROLLED_BACK);
            assertThat(lost.resolve()).isEqualTo(Outcome.ROLLED_BACK);
            assertThatThrownBy(committed::resolve)
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("has crashed since");
            for (int i = 0; i < 5; i++) {
                begin(own).commit();
            }
            // By now somebody else has committed with the lost one's id, if it was lost without a trace.
            try {
                assertThat(lost.resolve()).isEqualTo(Outcome.ROLLED_BACK);
            } catch (SQLException doubt) {
                assertThat((Throwable) doubt).hasMessageContaining("has crashed since");
            }
        }
    }

    @Test
    void anotherServerKnowsNothing() throws Exception {
        try (TestDatabase own = server.createDatabase();
                Connection connection = begin(database)) {
            Inquiry inquiry = resolver(own.simpleDataSource()).prepare(connection);
            connection.commit();

            assertThatThrownBy(inquiry::resolve)
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("cannot know what became of it");
        }
    }

    @Test
    void serverOnAnotherTimelineKnowsNothing() throws Exception {
        try (TestDatabase own = server.createDatabase()) {
            Connection connection = begin(own);
            Inquiry inquiry = resolver(own.simpleDataSource()).prepare(connection);
            connection.commit();
            recoverOntoANewTimeline(own);

            assertThatThrownBy(inquiry::resolve)
                    .isInstanceOf(SQLException.class)
                    .hasMessageContainingAll("timeline 00000001", "timeline 00000002", "cannot know");
        }
    }

    private static MarkerOutcomeResolver marking(TestDatabase database) throws SQLException {
        try (Connection connection = database.simpleDataSource().getConnection()) {
            for (String statement : MarkerOutcomeResolver.ddl(SQLDialect.POSTGRES)) {
                execute(connection, statement);
            }
        }
        return MarkerOutcomeResolver.builder(database.simpleDataSource())
                .sweepOn(work -> {})
                .build();
    }

    /** What an archive recovery does at its end, as the promotion of a standby does. */
    private static void recoverOntoANewTimeline(TestDatabase database) throws SQLException, IOException {
        Path dataDirectory;
        try (Connection connection = database.simpleDataSource().getConnection()) {
            execute(connection, "alter system set restore_command = 'false'");
            try (Statement statement = connection.createStatement();
                    var row = statement.executeQuery("show data_directory")) {
                row.next();
                dataDirectory = Path.of(row.getString(1));
            }
        }
        server.stop();
        Files.createFile(dataDirectory.resolve("recovery.signal"));
        server.restart();
    }
}
