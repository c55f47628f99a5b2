package dev.commithooks.spring.test;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.spring.test.HooksInTests.Delivery;
import dev.commithooks.spring.test.TestedApplication.Accounts;
import dev.commithooks.transaction.AfterCommitException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.test.annotation.Commit;
import org.springframework.test.context.TestContextManager;
import org.springframework.test.context.transaction.TestTransaction;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Tests with the annotation, run as JUnit's extension runs them, and what is there when they have ended. */
@Database
class HooksInTestsTest {

    private final TestDatabase database;

    HooksInTestsTest(TestDatabase database) {
        this.database = database;
        TestedApplication.database = database;
    }

    /** The tests under test. */
    @SpringBootTest(
            classes = TestedApplication.class,
            webEnvironment = WebEnvironment.NONE,
            properties = {"spring.flyway.enabled=false", "spring.main.banner-mode=off"})
    @Transactional
    abstract static class Cases {

        @Autowired
        Accounts accounts;

        @Autowired
        DSLContext dsl;

        @Autowired
        HookJournal journal;

        List<String> owners() {
            return dsl.select(ACCOUNT.OWNER).from(ACCOUNT).orderBy(ACCOUNT.ID).fetch(ACCOUNT.OWNER);
        }
    }

    @HooksInTests
    static class AtTheEnd extends Cases {

        void opens() {
            accounts.open("ann");
            assertThat(owners()).containsExactly("ann");
            assertThat(journal.events()).isEmpty();
        }

        void delivers() {
            accounts.open("ann");
            TestHooks.deliver();
            assertThat(journal.events()).containsExactly("before insert account[1]", "after insert account[1]");
            accounts.open("bob");
            assertThat(journal.events()).hasSize(2);
            assertThat(owners()).containsExactly("ann", "bob");
        }

        void makesAnAuthor() {
            accounts.open("author");
            TestHooks.deliver();
            assertThat(dsl.fetchCount(AUTHOR)).isEqualTo(1);
            assertThat(journal.events())
                    .containsExactly(
                            "before insert account[1]",
                            "after insert account[1]",
                            "before insert author[1]",
                            "after insert author[1]");
        }

        void goesOnForEver() {
            accounts.open("endless");
        }

        void hasABadOne() {
            accounts.open("bad");
        }

        void hasARefusedOne() {
            accounts.open("refused");
            assertThatThrownBy(TestHooks::deliver)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("no account for the refused");
            accounts.open("ann"); // in a transaction that is rollback-only by now
        }

        void breaksADeferredConstraint() {
            accounts.reviewNoBook();
            assertThatThrownBy(TestHooks::deliver)
                    .isInstanceOf(DataAccessException.class)
                    .hasMessageContaining("review_book_id_fkey");
            accounts.reviewNoBook(); // deferred again
        }

        void opensInPart() {
            accounts.openInPart("ann", "bob");
        }

        void fails() {
            accounts.open("ann");
            throw new AssertionError("the test has failed");
        }

        @Commit
        void commits() {
            accounts.open("ann");
        }

        void commitsInTheMiddle() {
            accounts.open("ann");
            TestTransaction.flagForCommit();
            TestTransaction.end();
            assertThat(journal.events()).containsExactly("before insert account[2]", "after insert account[2]");
            TestTransaction.start();
            accounts.open("bob");
        }

        @HooksInTests(Delivery.ON_DEMAND)
        void isOverruledByItsMethod() {
            accounts.open("ann");
        }
    }

    @HooksInTests(Delivery.ON_DEMAND)
    static class OnDemand extends Cases {

        void opens() {
            accounts.open("ann");
            assertThat(CommitHooks.current(dsl).pending().toString())
                    .contains("insert public.account(id=1, owner=ann")
                    .contains("would call");
        }

        void opensOneIndependently() {
            accounts.open("ann");
            accounts.openIndependently("bob");
        }
    }

    static class Unannotated extends Cases {

        void opens() {
            accounts.open("ann");
        }

        void delivers() {
            TestHooks.deliver();
        }
    }

    /** Runs one, and hands over what hooks had been told when all was over. */
    private List<String> run(Class<? extends Cases> type, String name) throws Throwable {
        TestContextManager manager = new TestContextManager(type);
        Cases test = type.getDeclaredConstructor().newInstance();
        Method method = type.getDeclaredMethod(name);
        manager.beforeTestClass();
        manager.prepareTestInstance(test);
        test.journal.drain();
        manager.beforeTestMethod(test, method);
        Throwable failure = null;
        try {
            manager.beforeTestExecution(test, method);
            failure = invoke(test, method);
            manager.afterTestExecution(test, method, failure);
        } catch (Throwable ofAListener) {
            failure = ofAListener;
        }
        manager.afterTestMethod(test, method, failure);
        manager.afterTestClass();
        assertThat(TransactionSynchronizationManager.getResourceMap()).isEmpty();
        assertThat(TestHooks.current()).isNull();
        if (failure != null) {
            throw failure;
        }
        return test.journal.events();
    }

    private static Throwable invoke(Cases test, Method method) throws IllegalAccessException {
        try {
            method.invoke(test);
            return null;
        } catch (InvocationTargetException thrown) {
            return thrown.getCause();
        }
    }

    private int committedRows() {
        return database.journal().size();
    }

    @Test
    void hooksAreCalledWhenTheTestHasReturnedAndNothingStays() throws Throwable {
        assertThat(run(AtTheEnd.class, "opens")).containsExactly("before insert account[1]", "after insert account[1]");
        assertThat(committedRows()).isZero();
    }

    @Test
    void deliveredOnDemandTheyAreNotDeliveredAgain() throws Throwable {
        assertThat(run(AtTheEnd.class, "delivers"))
                .containsExactly(
                        "before insert account[1]",
                        "after insert account[1]",
                        "before insert account[2]",
                        "after insert account[2]");
        assertThat(committedRows()).isZero();
    }

    @Test
    void whatAfterHooksWriteIsToldOfTooAndRolledBackWithTheTest() throws Throwable {
        assertThat(run(AtTheEnd.class, "makesAnAuthor")).hasSize(4);
        assertThat(committedRows()).isZero();
    }

    @Test
    void hooksThatAlwaysWriteAreStopped() {
        assertThatThrownBy(() -> run(AtTheEnd.class, "goesOnForEver"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("100 times");
        assertThat(committedRows()).isZero();
    }

    @Test
    void exceptionOfAnAfterHookFailsTheTest() {
        assertThatThrownBy(() -> run(AtTheEnd.class, "hasABadOne"))
                .isInstanceOf(AfterCommitException.class)
                .hasStackTraceContaining("no mail for the bad");
    }

    @Test
    void vetoOfABeforeHookIsThrownAndFailedHooksAreToldOfIt() throws Throwable {
        assertThat(run(AtTheEnd.class, "hasARefusedOne"))
                .containsExactly("failed BEFORE_HOOK insert account[1]", "failed ROLLBACK_ONLY insert account[2]");
        assertThat(committedRows()).isZero();
    }

    @Test
    void deferredConstraintsAreCheckedAndDeferredAgain() throws Throwable {
        assertThat(run(AtTheEnd.class, "breaksADeferredConstraint"))
                .containsExactly(
                        "before insert review[1]",
                        "failed COMMIT insert review[1]",
                        "failed ROLLBACK_ONLY insert review[2]");
        assertThat(committedRows()).isZero();
    }

    @Test
    void whatWasRolledBackWithItsSavepointHasFailed() throws Throwable {
        assertThat(run(AtTheEnd.class, "opensInPart"))
                .containsExactly(
                        "failed SAVEPOINT insert account[2]", "before insert account[1]", "after insert account[1]");
    }

    @Test
    void failedTestDeliversNothing() {
        assertThatThrownBy(() -> run(AtTheEnd.class, "fails")).hasMessage("the test has failed");
        assertThat(database.dsl().fetchCount(ACCOUNT)).isZero();
    }

    @Test
    void realCommitsAreReal() throws Throwable {
        assertThat(run(AtTheEnd.class, "commits"))
                .containsExactly("before insert account[1]", "after insert account[1]");
        assertThat(committedRows()).isEqualTo(1);

        assertThat(run(AtTheEnd.class, "commitsInTheMiddle")).hasSize(4).doesNotHaveDuplicates();
        assertThat(committedRows()).isEqualTo(2);
    }

    @Test
    void onDemandNothingIsCalledByItself() throws Throwable {
        assertThat(run(OnDemand.class, "opens")).isEmpty();
        assertThat(run(AtTheEnd.class, "isOverruledByItsMethod")).isEmpty();
        assertThat(committedRows()).isZero();
    }

    @Test
    void anIndependentTransactionReallyCommitsAndIsToldOf() throws Throwable {
        assertThat(run(OnDemand.class, "opensOneIndependently"))
                .containsExactly("before insert account[2]", "after insert account[2]");
        assertThat(database.journal())
                .singleElement()
                .satisfies(row -> assertThat(row.value("id")).isEqualTo("2"));
    }

    @Test
    void withoutTheAnnotationTheRollbackIsWhatItIs() throws Throwable {
        assertThat(run(Unannotated.class, "opens")).containsExactly("failed WORK insert account[1]");
        assertThatThrownBy(() -> run(Unannotated.class, "delivers"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("@HooksInTests");
    }
}
