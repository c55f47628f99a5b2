package dev.commithooks.spring;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.CommitHooks;
import dev.commithooks.CommitHooksBuilder;
import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.JournalEntry;
import dev.commithooks.fixture.TestDatabase;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DataSourceConnectionProvider;
import org.jooq.impl.DefaultConfiguration;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** One data source, one manager with hooks, and jOOQ on it, put together as Spring's users do. */
final class SpringWorld {

    final SpringTransactions spring = new SpringTransactions();
    final DataSource dataSource;
    final PlatformTransactionManager manager;
    final CommitHooks hooks;
    final DSLContext dsl;
    final HookJournal told;

    SpringWorld(Managers kind, DataSource dataSource, HookJournal told, UnaryOperator<CommitHooksBuilder> settings) {
        this.dataSource = dataSource;
        this.told = told;
        this.manager = kind.on(dataSource, spring);
        this.hooks = settings.apply(CommitHooks.builder().owner(spring).registerAll(told))
                .build();
        this.dsl = hooks.attachTo(configuration(dataSource, manager).dsl());
    }

    /** jOOQ on the data source, in the manager's transactions. */
    static Configuration configuration(DataSource dataSource, PlatformTransactionManager manager) {
        return new DefaultConfiguration()
                .set(SQLDialect.POSTGRES)
                .set(new DataSourceConnectionProvider(new TransactionAwareDataSourceProxy(dataSource)))
                .set(SpringTransactions.provider(manager));
    }

    SpringWorld(Managers kind, DataSource dataSource, HookJournal told) {
        this(kind, dataSource, told, builder -> builder);
    }

    TransactionTemplate template() {
        return new TransactionTemplate(manager);
    }

    TransactionTemplate template(int propagation) {
        TransactionTemplate template = template();
        template.setPropagationBehavior(propagation);
        return template;
    }

    TransactionTemplate nested() {
        return template(TransactionDefinition.PROPAGATION_NESTED);
    }

    TransactionTemplate requiresNew() {
        return template(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
    }

    /** Stores an account. */
    AccountRecord store(String owner) {
        return store(dsl, owner);
    }

    static AccountRecord store(DSLContext dsl, String owner) {
        AccountRecord account = dsl.newRecord(ACCOUNT);
        account.setOwner(owner);
        account.store();
        return account;
    }

    /** What hooks of these phases were told of, without the stage of failures. */
    List<String> told(String... phases) {
        return told.events().stream()
                .filter(event -> Stream.of(phases).anyMatch(event::startsWith))
                .map(event -> event.replaceFirst("^(before|after|in doubt|failed \\w+) ", ""))
                .toList();
    }

    /** What is committed, as the database itself noted it, in hooks' words. */
    static List<String> committed(TestDatabase database) {
        return database.journal().stream().map(SpringWorld::inHooksWords).toList();
    }

    static String inHooksWords(JournalEntry entry) {
        return entry.operation().name().toLowerCase() + " " + entry.table() + "[" + entry.value("id") + "]";
    }

    void assertNothingIsBound() {
        assertThat(TransactionSynchronizationManager.getResourceMap()).isEmpty();
        assertThat(TransactionSynchronizationManager.isSynchronizationActive()).isFalse();
        assertThat(TransactionSynchronizationManager.isActualTransactionActive())
                .isFalse();
        assertThat(spring.size()).isZero();
    }
}
