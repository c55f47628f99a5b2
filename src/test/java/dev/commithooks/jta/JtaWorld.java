package dev.commithooks.jta;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.CommitHooks;
import dev.commithooks.CommitHooksBuilder;
import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.fixture.Coordinator;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.TestDatabase;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import jakarta.transaction.Status;
import jakarta.transaction.TransactionManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DefaultConfiguration;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.xa.PGXADataSource;

/** Narayana, pools of Agroal's, and jOOQ on them, put together as JTA's users do. */
final class JtaWorld implements AutoCloseable {

    final List<LateOutcome> late = new ArrayList<>();
    final JtaTransactions jta = new JtaTransactions(Narayana.manager(), Narayana.registry(), late::add);
    final TransactionManager manager = jta.manager();
    final CommitHooks hooks;
    private final List<AgroalDataSource> pools = new ArrayList<>();

    JtaWorld(HookJournal told) {
        this(told, builder -> builder);
    }

    JtaWorld(HookJournal told, UnaryOperator<CommitHooksBuilder> settings) {
        this.hooks = settings.apply(CommitHooks.builder().owner(jta).registerAll(told))
                .build();
    }

    /** jOOQ on a database, in JTA's transactions, with the hooks. */
    DSLContext dsl(String name, AgroalDataSource pool) {
        return hooks.attachTo(plain(name, pool));
    }

    /** The same without hooks. */
    DSLContext plain(String name, AgroalDataSource pool) {
        return new DefaultConfiguration()
                .set(SQLDialect.POSTGRES)
                .set(jta.connections(name, pool))
                .set(jta.provider())
                .dsl();
    }

    AgroalDataSource pool(TestDatabase database, int size) {
        return pool(database.jdbcUrl(), database, size, PGXADataSource.class, jta.manager());
    }

    /** A pool whose connections are enlisted with this manager, XA or of one phase by their data source's class. */
    AgroalDataSource pool(
            String url, TestDatabase database, int size, Class<?> provider, TransactionManager enlisting) {
        try {
            AgroalDataSource pool = AgroalDataSource.from(new AgroalDataSourceConfigurationSupplier()
                    .metricsEnabled()
                    .connectionPoolConfiguration(settings -> settings.maxSize(size)
                            .acquisitionTimeout(Duration.ofSeconds(2))
                            .transactionIntegration(Coordinator.chosen().enlisting(enlisting, jta.registry()))
                            .connectionFactoryConfiguration(factory -> factory.jdbcUrl(url)
                                    .connectionProviderClass(provider)
                                    .principal(new NamePrincipal(database.user()))
                                    .recoveryPrincipal(new NamePrincipal(database.user()))
                                    .recoveryCredential(new SimplePassword(database.password()))
                                    .credential(new SimplePassword(database.password())))));
            pools.add(pool);
            return pool;
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    AgroalDataSource localPool(TestDatabase database) {
        return pool(database.jdbcUrl(), database, 2, PGSimpleDataSource.class, jta.manager());
    }

    interface Work {
        void run() throws Exception;
    }

    /** Does the work in a transaction, as an interceptor of {@code @Transactional} would. */
    void inTransaction(Work work) throws Exception {
        manager.begin();
        try {
            work.run();
        } catch (Exception | Error failure) {
            manager.rollback();
            throw failure;
        }
        manager.commit();
    }

    static AccountRecord store(DSLContext dsl, String owner) {
        AccountRecord account = dsl.newRecord(ACCOUNT);
        account.setOwner(owner);
        account.store();
        return account;
    }

    /** What is committed, as the database itself noted it, in hooks' words. */
    static List<String> committed(TestDatabase database) {
        return database.journal().stream()
                .map(entry -> entry.operation().name().toLowerCase(Locale.ROOT) + " " + entry.table() + "["
                        + entry.value("id") + "]")
                .toList();
    }

    static List<String> owners(TestDatabase database) {
        return database.dsl()
                .select(ACCOUNT.OWNER)
                .from(ACCOUNT)
                .orderBy(ACCOUNT.ID)
                .fetch(ACCOUNT.OWNER);
    }

    void assertNothingIsLeft() {
        assertThat(jta.transactions().size()).as("open transactions").isZero();
        try {
            assertThat(manager.getStatus()).as("status of the thread").isEqualTo(Status.STATUS_NO_TRANSACTION);
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
        pools.forEach(pool -> assertThat(pool.getMetrics().activeCount())
                .as("connections held")
                .isNotPositive()); // Agroal counts those that have died twice
    }

    @Override
    public void close() {
        pools.forEach(AgroalDataSource::close);
    }
}
