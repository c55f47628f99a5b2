package dev.commithooks.signals;

import dev.commithooks.fixture.AccountEntity;
import jakarta.persistence.PersistenceException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.hibernate.Session;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.Configuration;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.event.service.spi.EventListenerRegistry;
import org.hibernate.event.spi.EventType;
import org.hibernate.event.spi.PostCommitInsertEventListener;
import org.hibernate.event.spi.PostCommitUpdateEventListener;
import org.hibernate.event.spi.PostInsertEvent;
import org.hibernate.event.spi.PostUpdateEvent;
import org.hibernate.persister.entity.EntityPersister;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Hibernate with a listener of its POST_COMMIT events, started once. */
final class HibernateWorld {

    private static final DelegatingDataSource CONNECTIONS = new DelegatingDataSource();
    private static final List<String> HEARD = new ArrayList<>();

    private static final class Started {
        private static final SessionFactory SESSIONS = start();
    }

    private HibernateWorld() {}

    /** What the listener is told of a transaction in which this is done. */
    static String heardIn(DataSource dataSource, Consumer<Session> work) {
        CONNECTIONS.setTargetDataSource(dataSource);
        HEARD.clear();
        try {
            Started.SESSIONS.inTransaction(work);
        } catch (PersistenceException asThePageSays) {
            // What is heard and what is there is what counts.
        }
        return HEARD.isEmpty() ? "nothing" : String.join(", ", HEARD);
    }

    private static SessionFactory start() {
        Configuration configuration = new Configuration().addAnnotatedClass(AccountEntity.class);
        configuration.setProperty("hibernate.dialect", "org.hibernate.dialect.PostgreSQLDialect");
        configuration.setProperty("hibernate.boot.allow_jdbc_metadata_access", "false");
        configuration.getProperties().put("hibernate.connection.datasource", CONNECTIONS);
        SessionFactory sessions = configuration.buildSessionFactory();
        EventListenerRegistry registry = sessions.unwrap(SessionFactoryImplementor.class)
                .getServiceRegistry()
                .requireService(EventListenerRegistry.class);
        Listener listener = new Listener();
        registry.appendListeners(EventType.POST_COMMIT_INSERT, listener);
        registry.appendListeners(EventType.POST_COMMIT_UPDATE, listener);
        return sessions;
    }

    private static final class Listener implements PostCommitInsertEventListener, PostCommitUpdateEventListener {

        @Override
        public boolean requiresPostCommitHandling(EntityPersister persister) {
            return true;
        }

        @Override
        public void onPostInsert(PostInsertEvent event) {
            HEARD.add("onPostInsert");
        }

        @Override
        public void onPostInsertCommitFailed(PostInsertEvent event) {
            HEARD.add("onPostInsertCommitFailed");
        }

        @Override
        public void onPostUpdate(PostUpdateEvent event) {
            HEARD.add("onPostUpdate");
        }

        @Override
        public void onPostUpdateCommitFailed(PostUpdateEvent event) {
            HEARD.add("onPostUpdateCommitFailed");
        }
    }
}
