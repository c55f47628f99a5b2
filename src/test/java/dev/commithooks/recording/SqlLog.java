package dev.commithooks.recording;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.jooq.impl.DataSourceConnectionProvider;
import org.jooq.tools.jdbc.DefaultConnection;

/** Connections that note each statement that is prepared on them, of jOOQ's listeners heard or not. */
final class SqlLog extends DataSourceConnectionProvider {

    private final List<String> statements;

    SqlLog(DataSource dataSource, List<String> statements) {
        super(dataSource);
        this.statements = statements;
    }

    @Override
    public Connection acquire() {
        return new DefaultConnection(super.acquire()) {
            @Override
            public PreparedStatement prepareStatement(String sql) throws SQLException {
                statements.add(sql);
                return super.prepareStatement(sql);
            }

            @Override
            public PreparedStatement prepareStatement(String sql, int type, int concurrency) throws SQLException {
                statements.add(sql);
                return super.prepareStatement(sql, type, concurrency);
            }

            @Override
            public PreparedStatement prepareStatement(String sql, int keys) throws SQLException {
                statements.add(sql);
                return super.prepareStatement(sql, keys);
            }
        };
    }
}
