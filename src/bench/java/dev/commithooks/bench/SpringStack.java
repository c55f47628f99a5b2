package dev.commithooks.bench;

import static dev.commithooks.bench.Item.ITEM;

import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.jooq.impl.DataSourceConnectionProvider;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * jOOQ's records in Spring's transactions, wired as Spring Boot wires them. An event is published for each row written:
 * nobody publishes, nobody listens, or a {@code @TransactionalEventListener} does.
 */
final class SpringStack implements Stack {

    /** How many take part in events. */
    enum Events {
        NONE,
        UNUSED,
        USED
    }

    private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
    private final TransactionTemplate transactions;
    private final DSLContext dsl;
    private final boolean publish;
    private Item.Row[] rows = {};

    SpringStack(DataSource dataSource, Events events) {
        JdbcTransactionManager manager = new JdbcTransactionManager(dataSource);
        context.registerBean(PlatformTransactionManager.class, () -> manager);
        context.register(TransactionEvents.class);
        if (events == Events.USED) {
            context.register(Listener.class);
        }
        context.refresh();
        this.transactions = new TransactionTemplate(manager);
        this.dsl = DSL.using(
                new DataSourceConnectionProvider(new TransactionAwareDataSourceProxy(dataSource)), SQLDialect.POSTGRES);
        this.publish = events != Events.NONE;
    }

    @Override
    public void insert(int count) {
        if (rows.length != count) {
            rows = new Item.Row[count];
        }
        transactions.executeWithoutResult(status -> {
            for (int i = 0; i < rows.length; i++) {
                Item.Row row = dsl.newRecord(ITEM);
                row.name("a name");
                row.quantity(i);
                row.note("a note");
                row.store();
                publish(row);
                rows[i] = row;
            }
        });
    }

    @Override
    public void update() {
        transactions.executeWithoutResult(status -> {
            for (Item.Row row : rows) {
                row.quantity(row.quantity() + 1);
                row.store();
                publish(row);
            }
        });
    }

    @Override
    public void delete() {
        transactions.executeWithoutResult(status -> {
            for (Item.Row row : rows) {
                row.delete();
                publish(row);
            }
        });
    }

    private void publish(Item.Row row) {
        if (publish) {
            context.publishEvent(new RowWritten(row));
        }
    }

    @Override
    public void close() {
        context.close();
    }

    /** The event. */
    record RowWritten(Item.Row row) {}

    /** What Boot switches on by itself. */
    @EnableTransactionManagement
    static class TransactionEvents {}

    /** The bean that listens. */
    static class Listener {

        @TransactionalEventListener(phase = TransactionPhase.AFTER_COMMIT)
        void on(RowWritten event) {
            Stacks.seen(event.row());
        }
    }
}
