package dev.commithooks.spring;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.RolledBackRecords;
import org.jooq.DSLContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.transaction.TransactionManager;
import org.springframework.transaction.annotation.AnnotationTransactionAttributeSource;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.interceptor.TransactionInterceptor;

/** Records that a service with {@code @Transactional} had written are restored when Spring rolls back. */
@Database
class RestoredInSpringTest {

    private final TestDatabase database;
    private final HookJournal told = new HookJournal();

    RestoredInSpringTest(TestDatabase database) {
        this.database = database;
    }

    /** What the application calls. */
    interface Accounts {

        /** Stores an account, and fails then if it is to. */
        void open(AccountRecord account, boolean fails);

        /** The same in a transaction within the one that is open. */
        void openWithin(AccountRecord account, boolean fails);

        /** Opens the first, and the second within, whose failure it swallows. */
        void openBoth(AccountRecord first, AccountRecord second, Accounts self);
    }

    @Transactional
    static class AccountsService implements Accounts {

        private final DSLContext dsl;

        AccountsService(DSLContext dsl) {
            this.dsl = dsl;
        }

        @Override
        public void open(AccountRecord account, boolean fails) {
            account.attach(dsl.configuration());
            account.store();
            if (fails) {
                throw new IllegalStateException("the bank is closed");
            }
        }

        @Override
        @Transactional(propagation = Propagation.NESTED)
        public void openWithin(AccountRecord account, boolean fails) {
            open(account, fails);
        }

        @Override
        public void openBoth(AccountRecord first, AccountRecord second, Accounts self) {
            open(first, false);
            assertThatThrownBy(() -> self.openWithin(second, true)).hasMessage("the bank is closed");
            assertThat(second.getId()).isNull();
        }
    }

    private Accounts accounts(Managers manager) {
        SpringWorld world = new SpringWorld(
                manager, database.pool(1), told, hooks -> hooks.rolledBackRecords(RolledBackRecords.RESTORED));
        ProxyFactory service = new ProxyFactory(new AccountsService(world.dsl));
        service.addAdvice(new TransactionInterceptor(
                (TransactionManager) world.manager, new AnnotationTransactionAttributeSource()));
        return (Accounts) service.getProxy();
    }

    private static AccountRecord ofOwner(String owner) {
        AccountRecord account = new AccountRecord();
        account.setOwner(owner);
        return account;
    }

    @ParameterizedTest
    @EnumSource
    void recordOfAServiceThatFailedCanBeStoredAgain(Managers manager) {
        Accounts accounts = accounts(manager);
        AccountRecord ann = ofOwner("ann");

        assertThatThrownBy(() -> accounts.open(ann, true)).hasMessage("the bank is closed");
        assertThat(ann.getId()).isNull();
        assertThat(ann.changed(ACCOUNT.OWNER)).isTrue();
        assertThat(SpringWorld.committed(database)).isEmpty();
        accounts.open(ann, false);

        assertThat(ann.getId()).isEqualTo(2);
        assertThat(SpringWorld.committed(database)).containsExactly("insert account[2]");
        assertThat(told.events())
                .containsExactly(
                        "failed WORK insert account[1]", "before insert account[2]", "after insert account[2]");
    }

    @ParameterizedTest
    @EnumSource(names = {"DATA_SOURCE", "JDBC"})
    void recordOfANestedTransactionThatFailedIsRestoredAtOnce(Managers manager) {
        Accounts accounts = accounts(manager);
        AccountRecord ann = ofOwner("ann");
        AccountRecord bob = ofOwner("bob");

        accounts.openBoth(ann, bob, accounts);

        assertThat(ann.getId()).isEqualTo(1);
        assertThat(bob.getId()).isNull();
        assertThat(SpringWorld.committed(database)).containsExactly("insert account[1]");
        accounts.open(bob, false);
        assertThat(SpringWorld.committed(database)).containsExactly("insert account[1]", "insert account[3]");
        assertThat(told.events()).containsOnlyOnce("after insert account[1]", "after insert account[3]");
    }
}
