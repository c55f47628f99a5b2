package dev.commithooks.spring.test;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.transaction.AfterCommitException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestContextManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Tests with the annotation, run as JUnit's extension runs them, and what is there when they have ended. */
@Database
class HooksInTestsTest {

    private final TestDatabase database;

    HooksInTestsTest(TestDatabase database) {
        this.database = database;
        TestedApplication.database = database;
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
        assertThat(run(Cases.AtTheEnd.class, "opens"))
                .containsExactly("before insert account[1]", "after insert account[1]");
        assertThat(committedRows()).isZero();
    }

    @Test
    void deliveredOnDemandTheyAreNotDeliveredAgain() throws Throwable {
        assertThat(run(Cases.AtTheEnd.class, "delivers"))
                .containsExactly(
                        "before insert account[1]",
                        "after insert account[1]",
                        "before insert account[2]",
                        "after insert account[2]");
        assertThat(committedRows()).isZero();
    }

    @Test
    void whatAfterHooksWriteIsToldOfTooAndRolledBackWithTheTest() throws Throwable {
        assertThat(run(Cases.AtTheEnd.class, "makesAnAuthor")).hasSize(4);
        assertThat(committedRows()).isZero();
    }

    @Test
    void hooksThatAlwaysWriteAreStopped() {
        assertThatThrownBy(() -> run(Cases.AtTheEnd.class, "goesOnForEver"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("100 times");
        assertThat(committedRows()).isZero();
    }

    @Test
    void exceptionOfAnAfterHookFailsTheTest() {
        assertThatThrownBy(() -> run(Cases.AtTheEnd.class, "hasABadOne"))
                .isInstanceOf(AfterCommitException.class)
                .hasStackTraceContaining("no mail for the bad");
    }

    @Test
    void vetoOfABeforeHookIsThrownAndFailedHooksAreToldOfIt() throws Throwable {
        assertThat(run(Cases.AtTheEnd.class, "hasARefusedOne"))
                .containsExactly("failed BEFORE_HOOK insert account[1]", "failed ROLLBACK_ONLY insert account[2]");
        assertThat(committedRows()).isZero();
    }

    @Test
    void deferredConstraintsAreCheckedAndDeferredAgain() throws Throwable {
        assertThat(run(Cases.AtTheEnd.class, "breaksADeferredConstraint"))
                .containsExactly(
                        "before insert review[1]",
                        "failed COMMIT insert review[1]",
                        "failed ROLLBACK_ONLY insert review[2]");
        assertThat(committedRows()).isZero();
    }

    @Test
    void whatWasRolledBackWithItsSavepointHasFailed() throws Throwable {
        assertThat(run(Cases.AtTheEnd.class, "opensInPart"))
                .containsExactly(
                        "failed SAVEPOINT insert account[2]", "before insert account[1]", "after insert account[1]");
    }

    @Test
    void failedTestDeliversNothing() {
        assertThatThrownBy(() -> run(Cases.AtTheEnd.class, "fails")).hasMessage("the test has failed");
        assertThat(database.dsl().fetchCount(ACCOUNT)).isZero();
    }

    @Test
    void realCommitsAreReal() throws Throwable {
        assertThat(run(Cases.AtTheEnd.class, "commits"))
                .containsExactly("before insert account[1]", "after insert account[1]");
        assertThat(committedRows()).isEqualTo(1);

        assertThat(run(Cases.AtTheEnd.class, "commitsInTheMiddle")).hasSize(4).doesNotHaveDuplicates();
        assertThat(committedRows()).isEqualTo(2);
    }

    @Test
    void onDemandNothingIsCalledByItself() throws Throwable {
        assertThat(run(Cases.OnDemand.class, "opens")).isEmpty();
        assertThat(run(Cases.AtTheEnd.class, "isOverruledByItsMethod")).isEmpty();
        assertThat(committedRows()).isZero();
    }

    @Test
    void anIndependentTransactionReallyCommitsAndIsToldOf() throws Throwable {
        assertThat(run(Cases.OnDemand.class, "opensOneIndependently"))
                .containsExactly("before insert account[2]", "after insert account[2]");
        assertThat(database.journal())
                .singleElement()
                .satisfies(row -> assertThat(row.value("id")).isEqualTo("2"));
    }

    @Test
    void withoutTheAnnotationTheRollbackIsWhatItIs() throws Throwable {
        assertThat(run(Cases.Unannotated.class, "opens")).containsExactly("failed WORK insert account[1]");
        assertThatThrownBy(() -> run(Cases.Unannotated.class, "delivers"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("@HooksInTests");
    }
}
