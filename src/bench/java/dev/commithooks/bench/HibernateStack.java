package dev.commithooks.bench;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import javax.sql.DataSource;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.Configuration;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.event.service.spi.EventListenerRegistry;
import org.hibernate.event.spi.EventType;
import org.hibernate.event.spi.PostCommitDeleteEventListener;
import org.hibernate.event.spi.PostCommitInsertEventListener;
import org.hibernate.event.spi.PostCommitUpdateEventListener;
import org.hibernate.event.spi.PostDeleteEvent;
import org.hibernate.event.spi.PostInsertEvent;
import org.hibernate.event.spi.PostUpdateEvent;
import org.hibernate.persister.entity.EntityPersister;

/** Rows as Hibernate's entities, one session a transaction; a listener for the POST_COMMIT event types. */
final class HibernateStack implements Stack {

    /** Whether there is a listener, and whether it wants the entity's events. */
    enum Listener {
        NONE,
        UNUSED,
        USED
    }

    private final SessionFactory sessions;
    private long[] ids = {};

    HibernateStack(DataSource dataSource, Listener listener) {
        Configuration configuration = new Configuration().addAnnotatedClass(ItemEntity.class);
        configuration.setProperty("hibernate.dialect", "org.hibernate.dialect.PostgreSQLDialect");
        configuration.setProperty("hibernate.boot.allow_jdbc_metadata_access", "false");
        configuration.getProperties().put("hibernate.connection.datasource", dataSource);
        this.sessions = configuration.buildSessionFactory();
        if (listener != Listener.NONE) {
            PostCommit postCommit = new PostCommit(listener == Listener.USED);
            EventListenerRegistry registry = sessions.unwrap(SessionFactoryImplementor.class)
                    .getServiceRegistry()
                    .requireService(EventListenerRegistry.class);
            registry.appendListeners(EventType.POST_COMMIT_INSERT, postCommit);
            registry.appendListeners(EventType.POST_COMMIT_UPDATE, postCommit);
            registry.appendListeners(EventType.POST_COMMIT_DELETE, postCommit);
        }
    }

    @Override
    public void insert(int count) {
        if (ids.length != count) {
            ids = new long[count];
        }
        sessions.inTransaction(session -> {
            for (int i = 0; i < ids.length; i++) {
                ItemEntity item = new ItemEntity();
                item.name = "a name";
                item.quantity = i;
                item.note = "a note";
                session.persist(item);
                ids[i] = item.id;
            }
        });
    }

    @Override
    public void update() {
        sessions.inTransaction(session -> {
            for (long id : ids) {
                session.find(ItemEntity.class, id).quantity++;
            }
        });
    }

    @Override
    public void delete() {
        sessions.inTransaction(session -> {
            for (long id : ids) {
                session.remove(session.find(ItemEntity.class, id));
            }
        });
    }

    @Override
    public void close() {
        sessions.close();
    }

    /** A row of the table. */
    @Entity
    @Table(name = "item", schema = "public")
    static class ItemEntity {

        @Id
        @GeneratedValue(strategy = GenerationType.IDENTITY)
        Long id;

        @Column(nullable = false)
        String name;

        int quantity;
        String note;
    }

    private record PostCommit(boolean used)
            implements PostCommitInsertEventListener, PostCommitUpdateEventListener, PostCommitDeleteEventListener {

        @Override
        public boolean requiresPostCommitHandling(EntityPersister persister) {
            return used;
        }

        @Override
        public void onPostInsert(PostInsertEvent event) {
            Stacks.seen(event.getEntity());
        }

        @Override
        public void onPostUpdate(PostUpdateEvent event) {
            Stacks.seen(event.getEntity());
        }

        @Override
        public void onPostDelete(PostDeleteEvent event) {
            Stacks.seen(event.getEntity());
        }

        @Override
        public void onPostInsertCommitFailed(PostInsertEvent event) {}

        @Override
        public void onPostUpdateCommitFailed(PostUpdateEvent event) {}

        @Override
        public void onPostDeleteCommitFailed(PostDeleteEvent event) {}
    }
}
