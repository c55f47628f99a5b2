package dev.commithooks.testing;

import static org.junit.jupiter.api.TestInstance.Lifecycle.PER_CLASS;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestInstanceFactoryContext;
import org.junit.jupiter.api.extension.TestInstancePreConstructCallback;

/** What stands behind {@link Database}. Nested test classes share the database of the class around them. */
public final class DatabaseExtension
        implements TestInstancePreConstructCallback, BeforeEachCallback, AfterEachCallback, ParameterResolver {

    private static final Namespace NAMESPACE = Namespace.create(DatabaseExtension.class);

    private static final Duration GRACE = Duration.ofSeconds(2);

    @Override
    public void preConstructTestInstance(TestInstanceFactoryContext factory, ExtensionContext context) {
        database(context).keepPoolsOpenedSoFar();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        TestDatabase database = database(context);
        if (context.getTestInstanceLifecycle().filter(PER_CLASS::equals).isPresent()) {
            database.keepPoolsOpenedSoFar();
        }
        database.reset();
    }

    /** Fails if the test left something behind, and clears it away so that only this test fails. */
    @Override
    public void afterEach(ExtensionContext context) {
        TestDatabase database = database(context);
        List<String> leftovers = database.leftovers(GRACE);
        database.closePoolsOfThisTest();
        if (!leftovers.isEmpty()) {
            database.terminateOtherSessions();
            throw new AssertionError(
                    "The test left behind in " + database.name() + ":\n  - " + String.join("\n  - ", leftovers));
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == TestDatabase.class;
    }

    @Override
    public TestDatabase resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return database(context);
    }

    /** JUnit closes it with the store, that is, after the outermost class. */
    private static TestDatabase database(ExtensionContext context) {
        return classContext(context)
                .getStore(NAMESPACE)
                .computeIfAbsent(TestDatabase.class, key -> TestDatabase.create(), TestDatabase.class);
    }

    private static ExtensionContext classContext(ExtensionContext context) {
        ExtensionContext outermost = context;
        while (outermost.getParent().isPresent()
                && outermost.getParent().get().getTestClass().isPresent()) {
            outermost = outermost.getParent().get();
        }
        return outermost;
    }
}
