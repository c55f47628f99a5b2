package dev.commithooks.faults;

import dev.commithooks.CommitHooks;
import dev.commithooks.fixture.TestDatabase;
import java.sql.SQLException;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.jooq.impl.DataSourceConnectionProvider;
import org.jooq.impl.DefaultConfiguration;
import org.jooq.impl.DefaultConnectionProvider;
import org.jooq.impl.DefaultTransactionProvider;

/** The ways in which a {@link DSLContext} gets its connections and its transactions. */
enum Source {
    /** A new connection for each transaction. */
    DATA_SOURCE {
        @Override
        DSLContext plain(TestDatabase database) {
            return DSL.using(database.simpleDataSource(), SQLDialect.POSTGRES);
        }
    },
    /** A pool of two. */
    POOL {
        @Override
        DSLContext plain(TestDatabase database) {
            return DSL.using(database.pool(2), SQLDialect.POSTGRES);
        }
    },
    /** A pool of two that hands out connections without autocommit. */
    MANUAL_COMMIT_POOL {
        @Override
        DSLContext plain(TestDatabase database) {
            return DSL.using(
                    database.pool(2, config -> {
                        config.setAutoCommit(false);
                        return config;
                    }),
                    SQLDialect.POSTGRES);
        }
    },
    /** One connection, borrowed from a pool and given back when the pool closes. */
    CONNECTION {
        @Override
        DSLContext plain(TestDatabase database) {
            try {
                return DSL.using(database.simpleDataSource().getConnection(), SQLDialect.POSTGRES);
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
            return new DefaultConfiguration()
                    .set(SQLDialect.POSTGRES)
                    .set(connections)
                    .set(new DefaultTransactionProvider(connections))
                    .dsl();
        }
    },
    /** The thread-local provider with hooks. */
    THREAD_LOCAL {
        @Override
        DSLContext plain(TestDatabase database) {
            return new DefaultConfiguration()
                    .set(SQLDialect.POSTGRES)
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
