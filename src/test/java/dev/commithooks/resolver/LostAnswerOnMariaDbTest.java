package dev.commithooks.resolver;

import java.net.URI;
import java.sql.DriverManager;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jooq.SQLDialect;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** On the local server of MariaDB that {@code -Dcommithooks.test.url} names; there is none in the default build. */
@EnabledIfSystemProperty(named = "commithooks.test.url", matches = "jdbc:mariadb:.*")
class LostAnswerOnMariaDbTest extends LostAnswerContract {

    private static final String NAME = "lost_answer_" + ProcessHandle.current().pid();

    @BeforeAll
    static void create() throws SQLException {
        execute(at(port(), ""), "create database " + NAME);
        execute(
                at(port(), NAME),
                "create table account (id bigint auto_increment primary key, owner varchar(80) not null,"
                        + " balance numeric(12, 2) default 0 not null) engine = InnoDB");
        for (String statement : MarkerOutcomeResolver.ddl(SQLDialect.MARIADB)) {
            execute(at(port(), NAME), statement);
        }
    }

    @AfterAll
    static void drop() throws SQLException {
        execute(at(port(), ""), "drop database " + NAME);
    }

    private static int port() {
        return URI.create(System.getProperty("commithooks.test.url").substring("jdbc:".length()))
                .getPort();
    }

    private static DataSource at(int port, String name) {
        return SimpleDataSource.of(() -> DriverManager.getConnection(
                "jdbc:mariadb://127.0.0.1:" + port + "/" + name + "?sessionVariables=innodb_lock_wait_timeout=1",
                System.getProperty("commithooks.test.user", "root"),
                System.getProperty("commithooks.test.password", "")));
    }

    @Override
    DataSource through(int port) {
        return at(port, NAME);
    }

    @Override
    int serverPort() {
        return port();
    }

    @Override
    SQLDialect dialect() {
        return SQLDialect.MARIADB;
    }
}
