package dev.commithooks.jta.faults;

import dev.commithooks.fixture.Coordinator;
import dev.commithooks.jta.JtaTransactions;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import io.agroal.narayana.NarayanaTransactionIntegration;
import java.sql.SQLException;
import java.time.Duration;

/** Pools of Agroal's whose connections enlist in Narayana's transactions, and which recovery knows. */
final class XaPool {

    private XaPool() {}

    /** One on the database behind the URL, under a name that recovery knows its resources by. */
    static AgroalDataSource open(
            String name, String url, String user, String password, Coordinator coordinator, JtaTransactions jta) {
        NarayanaTransactionIntegration enlisting = new NarayanaTransactionIntegration(
                jta.manager(),
                jta.registry(),
                name,
                false,
                coordinator.recoveries(name, resource -> jta.recovering(name, resource)));
        AgroalDataSourceConfigurationSupplier settings = new AgroalDataSourceConfigurationSupplier()
                .connectionPoolConfiguration(pool -> pool.maxSize(8)
                        .acquisitionTimeout(Duration.ofSeconds(5))
                        .validateOnBorrow(true)
                        .transactionIntegration(enlisting)
                        .connectionFactoryConfiguration(connections -> connections
                                .connectionProviderClass(FaultyXaDataSource.class)
                                .jdbcUrl(url)
                                .principal(new NamePrincipal(user))
                                .credential(new SimplePassword(password))
                                .recoveryPrincipal(new NamePrincipal(user))
                                .recoveryCredential(new SimplePassword(password))));
        try {
            return AgroalDataSource.from(settings);
        } catch (SQLException e) {
            throw new IllegalStateException("no pool on " + url, e);
        }
    }
}
