package dev.commithooks.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.testing.Finding;
import dev.commithooks.testing.Finding.Kind;
import dev.commithooks.testing.RolledBackDatabase;
import dev.commithooks.testing.TestTransaction;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a real commit checks, a virtual one checks. */
@Database
@NeedsRealCommits("brings an outer transaction of its own")
class DeferredConstraintsTest {

    private final TestTransaction test;
    private final Connection connection;

    DeferredConstraintsTest(TestDatabase database) throws SQLException {
        RolledBackDatabase rolledBack = RolledBackDatabase.over(database.realDataSource());
        test = rolledBack.begin("test");
        connection = rolledBack.dataSource().getConnection();
    }

    @AfterEach
    void end() {
        test.close();
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private int count(String table) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select count(*) from " + table)) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private void assertRefused(String sqlState, Step step) {
        assertThatThrownBy(step::run)
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo(sqlState));
    }

    private interface Step {
        void run() throws SQLException;
    }

    @Test
    void areCheckedInAutocommitModeToo() throws SQLException {
        assertRefused("23503", () -> execute("insert into review (book_id, rating) values (99, 5)"));
        assertThat(count("review")).isZero();
    }

    @Test
    void areDeferredAgainAfterEachCommit() throws SQLException {
        connection.setAutoCommit(false);
        for (int id = 1; id < 4; id++) {
            execute("insert into review (book_id, rating) values (" + (100 + id) + ", 5)");
            execute("insert into book (id, title) values (" + (100 + id) + ", 'later')");
            connection.commit();
            execute("insert into review (book_id, rating) values (999, 5)");
            assertRefused("23503", connection::commit);
        }
        assertThat(count("review")).isEqualTo(3);
        connection.commit();
    }

    @Test
    void thoseOfTablesMadeInTheTestToo() throws SQLException {
        connection.setAutoCommit(false);
        execute("create table part (id int primary key, whole int constraint \"Of It\" references part"
                + " deferrable initially deferred)");
        execute("create temp table note (part int, n int unique deferrable initially deferred)");
        connection.commit();
        for (int i = 0; i < 2; i++) {
            execute("insert into part values (1, 2), (2, null) on conflict do nothing");
            execute("insert into note values (null, 1)");
            execute("insert into note values (null, 1)");
            assertRefused("23505", connection::commit);
            execute("insert into part values (3, 4)");
            assertRefused("23503", connection::commit);
        }
        assertThat(count("part")).isZero();
        connection.commit();
    }

    @Test
    void deferredTriggersFireAtTheCommitAndWhatTheyWriteStays() throws SQLException {
        execute("create function note_it() returns trigger language plpgsql as $$ begin"
                + " insert into audit_log (table_name, operation) values ('author', 'seen'); return null; end $$");
        execute("create constraint trigger noted after insert on author deferrable initially deferred"
                + " for each row execute function note_it()");
        connection.setAutoCommit(false);
        for (int i = 1; i < 3; i++) {
            execute("insert into author (name) values ('a')");
            assertThat(count("audit_log")).isEqualTo(i - 1);
            connection.commit();
            assertThat(count("audit_log")).isEqualTo(i);
        }
        connection.commit();
    }

    @Test
    void ofTheSameNameAreFound() throws SQLException {
        execute("create table one (id int constraint same unique deferrable initially deferred)");
        execute("create table two (id int constraint other unique, n int)");
        execute("alter table two add constraint same foreign key (n) references author deferrable initially immediate");
        execute("insert into one values (1)");

        assertThat(test.findings()).extracting(Finding::kind).containsExactly(Kind.SHARED_CONSTRAINT_NAME);
        assertThat(test.findings().get(0).message()).contains("public.same");
    }
}
