package dev.commithooks.faults;

import dev.commithooks.CommitHooks;
import dev.commithooks.fixture.TestDatabase;
import java.sql.SQLException;
import org.jooq.DSLContext;
import org.jooq.impl.DataSourceConnectionProvider;
import org.jooq.impl.DefaultConnectionProvider;
import org.jooq.impl.DefaultTransactionProvider;

/** The ways in which a {@link DSLContext} gets its connections and its transactions. */
enum Source {
    /** A new connection for each transaction. */
    DATA_SOURCE {
        @Override
        DSLContext plain(TestDatabase database) {
            return database.dsl(database.simpleDataSource());
        }
    },
    /** A pool of two. */
    POOL {
        @Override
        DSLContext plain(TestDatabase database) {
            return database.dsl(database.pool(2));
        }
    },
    /** A pool of two that hands out connections without autocommit. */
    MANUAL_COMMIT_POOL {
        @Override
        DSLContext plain(TestDatabase database) {
            return database.dsl(database.pool(2, config -> {
                config.setAutoCommit(false);
                return config;
            }));
        }
    },
    /** One connection, borrowed from a pool and given back when the pool closes. */
    CONNECTION {
        @Override
        DSLContext plain(TestDatabase database) {
            try {
                return database.dsl(database.simpleDataSource().getConnection());
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    },
    /** jOOQ's default provider, set explicitly. */
    EXPLICIT_DEFAULT {
        @Override
        DSLContext plain(TestDatabase database) {
            DataSourceConnectionProvider connections = new DataSourceConnectionProvider(database.pool(2));
            return database.configuration()
                    .set(connections)
                    .set(new DefaultTransactionProvider(connections))
                    .dsl();
        }
    },
    /** The thread-local provider with hooks. */
    THREAD_LOCAL {
        @Override
        DSLContext plain(TestDatabase database) {
            return database.configuration()
                    .set(CommitHooks.threadLocalTransactionProvider(new DataSourceConnectionProvider(database.pool(2))))
                    .dsl();
        }
    };

    /** Without hooks yet. */
    abstract DSLContext plain(TestDatabase database);

    /** Closes what is not a pool's. */
    static void close(DSLContext dsl) {
        if (dsl.configuration().connectionProvider() instanceof DefaultConnectionProvider provider) {
            try {
                provider.acquire().close();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
