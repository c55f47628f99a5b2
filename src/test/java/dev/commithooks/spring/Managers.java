package dev.commithooks.spring;

import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;

/** Spring's transaction managers, and the two ways in which hooks are told of their transactions. */
enum Managers {
    DATA_SOURCE {
        @Override
        PlatformTransactionManager on(DataSource dataSource, SpringTransactions spring) {
            return spring.manage(new DataSourceTransactionManager(dataSource));
        }
    },
    JDBC {
        @Override
        PlatformTransactionManager on(DataSource dataSource, SpringTransactions spring) {
            return spring.manage(new JdbcTransactionManager(dataSource));
        }
    },
    JPA {
        @Override
        PlatformTransactionManager on(DataSource dataSource, SpringTransactions spring) {
            return spring.manage(Hibernate.manager(dataSource));
        }
    },
    /** Not decorated. */
    JDBC_LISTENED_TO {
        @Override
        PlatformTransactionManager on(DataSource dataSource, SpringTransactions spring) {
            JdbcTransactionManager manager = new JdbcTransactionManager(dataSource);
            spring.listenTo(manager);
            return manager;
        }
    };

    abstract PlatformTransactionManager on(DataSource dataSource, SpringTransactions spring);
}
