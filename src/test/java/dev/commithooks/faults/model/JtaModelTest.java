package dev.commithooks.faults.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.commithooks.CommitHooks;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Coordinator;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.jta.JtaTransactions;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import java.sql.SQLException;
import java.time.Duration;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DefaultConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.postgresql.xa.PGXADataSource;

/** The same random transactions as JTA's, on one database. The property {@code commithooks.model.jta-trees} says how many. */
@Needs(Ability.POSTGRESQL)
@NeedsRealCommits("XA connections")
class JtaModelTest extends ModelTest {

    private static final int TREES = Integer.getInteger("commithooks.model.jta-trees", 60);

    private final Coordinator coordinator = Coordinator.chosen();
    private final JtaTransactions jta = new JtaTransactions(coordinator.transactionManager(), coordinator.registry());
    private final AgroalDataSource pool;

    JtaModelTest(TestDatabase database) throws SQLException {
        super(database);
        this.pool = AgroalDataSource.from(new AgroalDataSourceConfigurationSupplier()
                .metricsEnabled()
                .connectionPoolConfiguration(settings -> settings.maxSize(1)
                        .acquisitionTimeout(Duration.ofSeconds(2))
                        .transactionIntegration(coordinator.enlisting(jta.manager(), jta.registry()))
                        .connectionFactoryConfiguration(factory -> factory.jdbcUrl(database.jdbcUrl())
                                .connectionProviderClass(PGXADataSource.class)
                                .principal(new NamePrincipal(database.user()))
                                .credential(new SimplePassword(database.password())))));
    }

    @AfterEach
    void close() {
        assertThat(pool.getMetrics().activeCount()).as("connections held").isZero();
        assertThat(jta).hasToString("JTA's transactions, 0 open");
        pool.close();
    }

    /** The network of its connections does not fail; pgjdbc lets nobody end the transaction of an XA connection by hand. */
    @Override
    Ways ways() {
        return super.ways().withoutFaultsOfTheNetwork().withoutEndsByHand();
    }

    @Override
    int trees() {
        return TREES;
    }

    @Override
    RealWorld world(Tree tree, Surroundings around, HikariDataSource unused, long firstRow) {
        DSLContext plain = new DefaultConfiguration()
                .set(SQLDialect.POSTGRES)
                .set(jta.connections("accounts", pool))
                .set(jta.provider())
                .dsl();
        return new RealWorld(tree, CommitHooks.builder().owner(jta), plain, around, firstRow, false);
    }
}
