package dev.commithooks.spring.test;

import dev.commithooks.spring.Rehearsal;
import dev.commithooks.spring.SpringTransactions;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.test.context.TestContext;
import org.springframework.test.context.TestContextAnnotationUtils;
import org.springframework.test.context.support.AbstractTestExecutionListener;
import org.springframework.test.context.transaction.TestTransaction;

/** What {@link HooksInTests} does, between the begin of a test's transaction and its end. Found by Spring. */
@SuppressWarnings("exports") // of a module that only those need who use it
public final class HooksTestExecutionListener extends AbstractTestExecutionListener {

    /** Inside of the listener that begins and ends transactions, whose order is 4000. */
    private static final int INSIDE_OF_THE_TRANSACTION = 4500;

    /** Made by Spring. */
    public HooksTestExecutionListener() {}

    @Override
    public int getOrder() {
        return INSIDE_OF_THE_TRANSACTION;
    }

    @Override
    public void beforeTestMethod(TestContext test) {
        SpringTransactions transactions = annotation(test) == null
                ? null
                : test.getApplicationContext()
                        .getBeanProvider(SpringTransactions.class)
                        .getIfUnique();
        if (transactions != null) {
            TestHooks.begin(new Rehearsal(transactions));
        }
    }

    private static @Nullable HooksInTests annotation(TestContext test) {
        HooksInTests onMethod = AnnotatedElementUtils.findMergedAnnotation(test.getTestMethod(), HooksInTests.class);
        return onMethod != null
                ? onMethod
                : TestContextAnnotationUtils.findMergedAnnotation(test.getTestClass(), HooksInTests.class);
    }

    /** A test that has failed is left alone. */
    @Override
    public void afterTestExecution(TestContext test) {
        HooksInTests annotation = annotation(test);
        if (annotation != null
                && annotation.value() == HooksInTests.Delivery.AT_THE_END
                && test.getTestException() == null
                && TestHooks.current() != null
                && willBeRolledBack()) {
            TestHooks.deliver();
        }
    }

    private static boolean willBeRolledBack() {
        return TestTransaction.isActive() && TestTransaction.isFlaggedForRollback();
    }

    @Override
    public void afterTestMethod(TestContext test) {
        Rehearsal rehearsal = TestHooks.current();
        TestHooks.end();
        if (rehearsal != null && willBeRolledBack()) {
            rehearsal.forget();
        }
    }
}
