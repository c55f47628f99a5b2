package dev.commithooks.spring;

import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.FlushModeType;
import org.jspecify.annotations.Nullable;
import org.springframework.orm.jpa.EntityManagerHolder;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.ResourceTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.util.ClassUtils;

/**
 * Entities that JPA keeps back until COMMIT. Written before the before hooks, they are seen by those, and what the database has
 * against them is known to be no COMMIT.
 */
final class UnflushedEntities {

    private static final boolean IS_JPA_THERE = ClassUtils.isPresent(
            "org.springframework.orm.jpa.EntityManagerHolder", UnflushedEntities.class.getClassLoader());

    private UnflushedEntities() {}

    /** Writes them, in the transaction; does nothing where JPA would not write them by itself. */
    static void write(PlatformTransactionManager manager, TransactionStatus status) {
        if (IS_JPA_THERE && !status.isReadOnly() && Jpa.flushesItself(manager)) {
            status.flush();
        }
    }

    /** The part that names JPA's classes. */
    private static final class Jpa {

        /** Whether statements are preceded by a flush; Hibernate calls its MANUAL mode COMMIT here, so that is left alone. */
        static boolean flushesItself(PlatformTransactionManager manager) {
            EntityManager entities = entities(manager);
            return entities != null && entities.getFlushMode() == FlushModeType.AUTO;
        }

        private static @Nullable EntityManager entities(PlatformTransactionManager manager) {
            return manager instanceof ResourceTransactionManager known
                            && known.getResourceFactory() instanceof EntityManagerFactory factory
                            && TransactionSynchronizationManager.getResource(factory)
                                    instanceof EntityManagerHolder holder
                    ? holder.getEntityManager()
                    : null;
        }
    }
}
