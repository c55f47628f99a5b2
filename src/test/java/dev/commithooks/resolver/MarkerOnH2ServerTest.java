package dev.commithooks.resolver;

import static dev.commithooks.resolver.Asking.execute;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.h2.tools.Server;
import org.jooq.SQLDialect;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class MarkerOnH2ServerTest extends MarkerContract {

    private static Server server;

    @BeforeAll
    static void start() throws SQLException {
        server = Server.createTcpServer("-tcpPort", "0", "-ifNotExists").start();
        create("one");
        create("other");
    }

    private static void create(String name) throws SQLException {
        try (Connection connection = at(name).getConnection()) {
            execute(connection, "create table work (id int primary key)");
            for (String statement : MarkerOutcomeResolver.ddl(SQLDialect.H2)) {
                execute(connection, statement);
            }
        }
    }

    private static DataSource at(String name) {
        String url =
                "jdbc:h2:tcp://localhost:" + server.getPort() + "/mem:" + name + ";DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=50";
        return SimpleDataSource.of(() -> DriverManager.getConnection(url));
    }

    @AfterAll
    static void stop() {
        server.stop();
    }

    @Override
    DataSource database() {
        return at("one");
    }

    @Override
    DataSource another() {
        return at("other");
    }
}
