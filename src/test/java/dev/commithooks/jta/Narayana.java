package dev.commithooks.jta;

import dev.commithooks.fixture.Coordinator;
import jakarta.transaction.TransactionManager;
import jakarta.transaction.TransactionSynchronizationRegistry;

/** What the JTA manager of the tests gives to an application: Narayana's, or the chosen one's. */
final class Narayana {

    private static final Coordinator SHARED = Coordinator.chosen();

    private Narayana() {}

    static TransactionManager manager() {
        return SHARED.transactionManager();
    }

    static TransactionSynchronizationRegistry registry() {
        return SHARED.registry();
    }
}
