package dev.commithooks.databases;

import com.mysql.cj.jdbc.MysqlDataSource;
import dev.commithooks.fixture.Product;
import dev.commithooks.fixture.TestDatabase;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.mariadb.jdbc.MariaDbDataSource;

/** A schema of a test's own on the tests' MariaDB server, for tests that DDL is part of. */
final class MariaDbSchema {

    private final TestDatabase database;
    private final String name;
    private final Shop shop;

    MariaDbSchema(TestDatabase database) throws SQLException {
        this.database = database;
        this.name = database.name() + "_ddl";
        this.shop = new Shop(dataSource(""), database.dialect());
    }

    Shop shop() {
        return shop;
    }

    /** The same shop, on connections whose texts may hold several statements. */
    Shop shopOfTexts() throws SQLException {
        return new Shop(
                dataSource((database.jdbcUrl().contains("?") ? "&" : "?") + "allowMultiQueries=true"),
                database.dialect());
    }

    void make() {
        database.dsl().execute("create or replace database " + name);
        shop.execute(
                "create table author (id bigint auto_increment primary key, name varchar(50) not null,"
                        + " email varchar(50) unique, born date, created_at datetime default current_timestamp)",
                "create table other (id int)");
    }

    void drop() {
        database.dsl().execute("drop database " + name);
    }

    private DataSource dataSource(String options) throws SQLException {
        String url = database.jdbcUrl().replace("/" + database.name(), "/" + name) + options;
        if (database.product() == Product.MYSQL) {
            MysqlDataSource dataSource = new MysqlDataSource();
            dataSource.setUrl(url);
            dataSource.setUser(database.user());
            dataSource.setPassword(database.password());
            return dataSource;
        }
        MariaDbDataSource dataSource = new MariaDbDataSource(url);
        dataSource.setUser(database.user());
        dataSource.setPassword(database.password());
        return dataSource;
    }
}
