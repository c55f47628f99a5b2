package dev.commithooks.spring;

import java.sql.Connection;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.jooq.impl.DataSourceConnectionProvider;

/** jOOQ's provider of a data source's connections, each of them watched. */
final class WatchedDataSource extends DataSourceConnectionProvider {

    private final UnaryOperator<Connection> watch;

    WatchedDataSource(DataSource dataSource, UnaryOperator<Connection> watch) {
        super(dataSource);
        this.watch = watch;
    }

    @Override
    public Connection acquire() {
        return watch.apply(super.acquire());
    }
}
