package dev.commithooks.resolver;

import static dev.commithooks.resolver.Asking.execute;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jooq.SQLDialect;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** On the server of MariaDB or MySQL that {@code -Dcommithooks.test.url} names; there is none in the default build. */
@EnabledIfSystemProperty(named = "commithooks.test.url", matches = "jdbc:(mariadb|mysql):.*")
class MarkerOnMariaDbTest extends MarkerContract {

    private static final String ONE = "markers_" + ProcessHandle.current().pid();
    private static final String OTHER = "other_" + ONE;

    @BeforeAll
    static void start() throws SQLException {
        create(ONE);
        create(OTHER);
    }

    private static void create(String name) throws SQLException {
        try (Connection connection = at("").getConnection()) {
            execute(connection, "create database " + name);
            connection.setCatalog(name);
            execute(connection, "create table work (id int primary key) engine = InnoDB");
            for (String statement : MarkerOutcomeResolver.ddl(SQLDialect.MARIADB)) {
                execute(connection, statement);
            }
        }
    }

    private static DataSource at(String name) {
        String server = System.getProperty("commithooks.test.url").replaceAll("(jdbc:[a-z]+://[^/?]*).*", "$1/");
        String settings = "?user=" + System.getProperty("commithooks.test.user", "root") + "&password="
                + System.getProperty("commithooks.test.password", "")
                + "&sessionVariables=innodb_lock_wait_timeout=1";
        return SimpleDataSource.of(() -> DriverManager.getConnection(server + name + settings));
    }

    @AfterAll
    static void stop() throws SQLException {
        try (Connection connection = at("").getConnection()) {
            execute(connection, "drop database " + ONE);
            execute(connection, "drop database " + OTHER);
        }
    }

    @Override
    DataSource database() {
        return at(ONE);
    }

    @Override
    DataSource another() {
        return at(OTHER);
    }
}
