package dev.commithooks.jta;

import jakarta.transaction.TransactionManager;
import jakarta.transaction.TransactionSynchronizationRegistry;

/** What a JTA manager gives to an application, of the tests' Narayana. */
final class Narayana {

    private static final dev.commithooks.fixture.Narayana SHARED = dev.commithooks.fixture.Narayana.shared();

    private Narayana() {}

    static TransactionManager manager() {
        return SHARED.transactionManager();
    }

    static TransactionSynchronizationRegistry registry() {
        return SHARED.registry();
    }
}
