package dev.commithooks.testkit;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jooq.SQLDialect;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** On the server of MariaDB that {@code -Dcommithooks.test.url} names; there is none in the default build. */
@EnabledIfSystemProperty(named = "commithooks.test.url", matches = "jdbc:mariadb:.*")
class RolledBackOnMariaDbTest extends RolledBackContract {

    private static final String NAME = "rolled_back_" + ProcessHandle.current().pid();

    @BeforeAll
    static void create() throws SQLException {
        execute(at(""), "create database " + NAME);
        execute(at(NAME), table("bigint auto_increment primary key", "`") + " engine = InnoDB");
    }

    @AfterAll
    static void drop() throws SQLException {
        execute(at(""), "drop database " + NAME);
    }

    private static DataSource at(String name) {
        String server = System.getProperty("commithooks.test.url").replaceAll("(jdbc:[a-z]+://[^/?]*).*", "$1/");
        return new DriverManagerDataSource(
                server + name,
                System.getProperty("commithooks.test.user", "root"),
                System.getProperty("commithooks.test.password", ""));
    }

    @Override
    DataSource database() {
        return at(NAME);
    }

    @Override
    SQLDialect dialect() {
        return SQLDialect.MARIADB;
    }

    @Override
    boolean keepsSchemaInTransaction() {
        return false;
    }

    @Override
    Class<? extends Connection> driver() {
        return org.mariadb.jdbc.Connection.class;
    }
}
