package dev.commithooks.spring.test;

import dev.commithooks.spring.Rehearsal;
import org.jspecify.annotations.Nullable;
import org.springframework.core.NamedThreadLocal;

/** The hooks of the test that runs on this thread, which has {@link HooksInTests}. */
public final class TestHooks {

    /** Set while a test with the annotation runs on the thread. */
    private static final ThreadLocal<@Nullable Rehearsal> CURRENT = new NamedThreadLocal<>("hooks of the test");

    private TestHooks() {}

    /**
     * Calls hooks as if the test's transaction was committed here, for all that was written since the last time; then the
     * transaction goes on. What hooks write belongs to it too. Deferred constraints are checked on PostgreSQL.
     *
     * @throws IllegalStateException when the test has no {@link HooksInTests}
     * @throws RuntimeException what a before hook threw, or why COMMIT would be refused; or what after hooks threw
     */
    public static void deliver() {
        Rehearsal rehearsal = CURRENT.get();
        if (rehearsal == null) {
            throw new IllegalStateException(
                    "No hooks were delivered: this thread runs no test with @HooksInTests, or its"
                            + " application has no commit hooks in Spring's transactions. Annotate the test class or method.");
        }
        rehearsal.commit();
    }

    static void begin(Rehearsal rehearsal) {
        CURRENT.set(rehearsal);
    }

    static @Nullable Rehearsal current() {
        return CURRENT.get();
    }

    static void end() {
        CURRENT.remove();
    }
}
