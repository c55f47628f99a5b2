package dev.commithooks.spring;

import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;

/** Spring's transaction managers on a data source. */
enum Managers {
    DATA_SOURCE {
        @Override
        AbstractPlatformTransactionManager on(DataSource dataSource) {
            return new DataSourceTransactionManager(dataSource);
        }
    },
    JDBC {
        @Override
        AbstractPlatformTransactionManager on(DataSource dataSource) {
            return new JdbcTransactionManager(dataSource);
        }
    },
    JPA {
        @Override
        AbstractPlatformTransactionManager on(DataSource dataSource) {
            return Hibernate.manager(dataSource);
        }
    };

    abstract AbstractPlatformTransactionManager on(DataSource dataSource);
}
