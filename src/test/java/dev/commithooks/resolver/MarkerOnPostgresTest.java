package dev.commithooks.resolver;

import static dev.commithooks.resolver.Asking.execute;

import dev.commithooks.fixture.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jooq.SQLDialect;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.postgresql.ds.PGSimpleDataSource;

class MarkerOnPostgresTest extends MarkerContract {

    private static TestDatabase one;
    private static TestDatabase other;

    @BeforeAll
    static void start() throws SQLException {
        one = created(TestDatabase.create());
        other = created(TestDatabase.create());
    }

    private static TestDatabase created(TestDatabase database) throws SQLException {
        try (Connection connection = database.realDataSource().getConnection()) {
            execute(connection, "create table work (id int primary key)");
            for (String statement : MarkerOutcomeResolver.ddl(SQLDialect.POSTGRES)) {
                execute(connection, statement);
            }
        }
        return database;
    }

    @AfterAll
    static void stop() {
        one.close();
        other.close();
    }

    @Override
    DataSource database() {
        return impatient(one);
    }

    @Override
    DataSource another() {
        return impatient(other);
    }

    private static DataSource impatient(TestDatabase database) {
        PGSimpleDataSource impatient = new PGSimpleDataSource();
        impatient.setURL(database.jdbcUrl());
        impatient.setUser(database.user());
        impatient.setPassword(database.password());
        impatient.setOptions("-c lock_timeout=50ms");
        return impatient;
    }
}
