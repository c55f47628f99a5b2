package dev.commithooks.bench;

import static dev.commithooks.bench.Item.ITEM;

import dev.commithooks.CommitHooks;
import dev.commithooks.CommitHooksBuilder;
import dev.commithooks.spring.SpringTransactions;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.conf.Settings;
import org.jooq.impl.DataSourceConnectionProvider;
import org.jooq.impl.DefaultConfiguration;
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
        this(dataSource, events, new JdbcTransactionManager(dataSource), UnaryOperator.identity());
    }

    private SpringStack(
            DataSource dataSource, Events events, PlatformTransactionManager manager, UnaryOperator<DSLContext> hooks) {
        context.registerBean(PlatformTransactionManager.class, () -> manager);
        context.register(TransactionEvents.class);
        if (events == Events.USED) {
            context.register(Listener.class);
        }
        context.refresh();
        this.transactions = new TransactionTemplate(manager);
        this.dsl = hooks.apply(new DefaultConfiguration()
                .set(SQLDialect.POSTGRES)
                .set(new DataSourceConnectionProvider(new TransactionAwareDataSourceProxy(dataSource)))
                .set(SpringTransactions.provider(manager))
                .set(new Settings().withExecuteLogging(false))
                .dsl());
        this.publish = events != Events.NONE;
    }

    /** The same with listeners to records and statements that do nothing, and without events. */
    static SpringStack listening(DataSource dataSource) {
        return new SpringStack(dataSource, Events.NONE, new JdbcTransactionManager(dataSource), dsl -> {
            dsl.configuration().set(NoOps.RECORD_LISTENER);
            dsl.configuration().set(NoOps.EXECUTE_LISTENER);
            return dsl;
        });
    }

    /** The same with hooks in its transactions, and without events. */
    static SpringStack hooked(DataSource dataSource, UnaryOperator<CommitHooksBuilder> hooks) {
        SpringTransactions spring = new SpringTransactions();
        PlatformTransactionManager manager = spring.manage(new JdbcTransactionManager(dataSource));
        return new SpringStack(
                dataSource,
                Events.NONE,
                manager,
                dsl -> hooks.apply(CommitHooks.builder().owner(spring)).build().attachTo(dsl));
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
