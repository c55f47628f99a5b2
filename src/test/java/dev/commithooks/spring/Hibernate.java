package dev.commithooks.spring;

import dev.commithooks.fixture.AccountEntity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import java.util.Map;
import java.util.Objects;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.orm.jpa.EntityManagerFactoryUtils;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypes;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;

/** Hibernate, started once for all tests; its connections are those of the data source that was last asked for. */
final class Hibernate {

    private static final DelegatingDataSource CONNECTIONS = new DelegatingDataSource();

    private static final class Started {
        private static final EntityManagerFactory FACTORY = start();
    }

    private Hibernate() {}

    static JpaTransactionManager manager(DataSource dataSource) {
        CONNECTIONS.setTargetDataSource(dataSource);
        JpaTransactionManager manager = new JpaTransactionManager(Started.FACTORY);
        manager.setDataSource(dataSource);
        manager.setJpaDialect(new HibernateJpaVendorAdapter().getJpaDialect());
        return manager;
    }

    /** The entity manager of the transaction that the thread is in. */
    static EntityManager entities() {
        return Objects.requireNonNull(EntityManagerFactoryUtils.getTransactionalEntityManager(Started.FACTORY));
    }

    private static EntityManagerFactory start() {
        LocalContainerEntityManagerFactoryBean factory = new LocalContainerEntityManagerFactoryBean();
        factory.setDataSource(CONNECTIONS);
        factory.setPersistenceUnitName("shop");
        factory.setManagedTypes(PersistenceManagedTypes.of(AccountEntity.class.getName()));
        factory.setJpaVendorAdapter(new HibernateJpaVendorAdapter());
        factory.setJpaPropertyMap(Map.of(
                "hibernate.boot.allow_jdbc_metadata_access",
                false,
                "hibernate.dialect",
                "org.hibernate.dialect.PostgreSQLDialect"));
        factory.afterPropertiesSet();
        return Objects.requireNonNull(factory.getObject());
    }
}
