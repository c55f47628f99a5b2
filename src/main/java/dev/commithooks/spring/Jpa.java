package dev.commithooks.spring;

import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.FlushModeType;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.orm.jpa.EntityManagerHolder;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.transaction.TransactionManager;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.ResourceTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.util.ClassUtils;

/** The part of Spring's JPA in a transaction, where that is there. */
final class Jpa {

    private static final boolean IS_THERE =
            ClassUtils.isPresent("org.springframework.orm.jpa.JpaTransactionManager", Jpa.class.getClassLoader());

    private Jpa() {}

    /** The data source of a JpaTransactionManager; null where it is none, or has none. */
    static @Nullable DataSource dataSource(TransactionManager manager) {
        return IS_THERE ? Known.dataSource(manager) : null;
    }

    /**
     * Writes the entities that JPA keeps back until COMMIT, so that before hooks see them, and what the database has against them
     * is known to be no COMMIT. Does nothing where JPA would not write them by itself.
     */
    static void flush(ResourceTransactionManager manager, TransactionStatus status) {
        if (IS_THERE && !status.isReadOnly() && Known.flushesItself(manager)) {
            status.flush();
        }
    }

    /** The part that names JPA's classes. */
    private static final class Known {

        static @Nullable DataSource dataSource(TransactionManager manager) {
            return manager instanceof JpaTransactionManager jpa ? jpa.getDataSource() : null;
        }

        /** Whether statements are preceded by a flush; Hibernate calls its MANUAL mode COMMIT here, so that is left alone. */
        static boolean flushesItself(ResourceTransactionManager manager) {
            EntityManager entities = entities(manager);
            return entities != null && entities.getFlushMode() == FlushModeType.AUTO;
        }

        private static @Nullable EntityManager entities(ResourceTransactionManager manager) {
            return manager.getResourceFactory() instanceof EntityManagerFactory factory
                            && TransactionSynchronizationManager.getResource(factory)
                                    instanceof EntityManagerHolder holder
                    ? holder.getEntityManager()
                    : null;
        }
    }
}
