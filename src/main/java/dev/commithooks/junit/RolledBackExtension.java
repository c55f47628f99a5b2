package dev.commithooks.junit;

import dev.commithooks.testing.Faults;
import dev.commithooks.testing.HookJournal;
import dev.commithooks.testing.RolledBackDatabase;
import dev.commithooks.testing.RolledBackOptions;
import dev.commithooks.testing.TestTransaction;
import java.util.Objects;
import java.util.Set;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Rolls back what tests write, while hooks fire as if it were committed. For {@code @RegisterExtension}, on a static field;
 * {@link RolledBack} does the same by an annotation.
 *
 * <p>Constructors and methods of the test class may have parameters of these types, those of the test: {@link DSLContext},
 * {@link DataSource}, {@link HookJournal}, {@link Faults}, {@link TestTransaction}, {@link RolledBackDatabase}. Immutable.
 */
public final class RolledBackExtension
        implements BeforeAllCallback, AfterAllCallback, BeforeEachCallback, AfterEachCallback, ParameterResolver {

    private static final Namespace NAMESPACE = Namespace.create(RolledBackExtension.class);

    private static final Set<Class<?>> PARAMETERS = Set.of(
            DSLContext.class,
            DataSource.class,
            HookJournal.class,
            Faults.class,
            TestTransaction.class,
            RolledBackDatabase.class);

    private final TestedApplication application;
    private final Fixture fixture;
    private final @Nullable RolledBackDatabase shared;

    private RolledBackExtension(TestedApplication application, Fixture fixture, @Nullable RolledBackDatabase shared) {
        this.application = application;
        this.fixture = fixture;
        this.shared = shared;
    }

    /**
     * For an application: each test has a data source of its own, on a connection of its own, so that tests may run in parallel.
     * It works {@linkplain RolledBackOptions#onlyInTests() in its test only}: not before, and not for threads that are left running.
     */
    public static RolledBackExtension of(TestedApplication application) {
        return new RolledBackExtension(Objects.requireNonNull(application, "application"), Fixture.NONE, null);
    }

    /**
     * For an application that lives longer than a test and works on {@link RolledBackDatabase#dataSource()} of the one given. Its
     * tests run one after the other: where JUnit runs tests in parallel, with a {@code @ResourceLock}.
     */
    public static RolledBackExtension sharing(RolledBackDatabase database, DSLContext dsl, HookJournal journal) {
        return new RolledBackExtension(new Running(database.dataSource(), dsl, journal), Fixture.NONE, database);
    }

    private record Running(DataSource database, DSLContext dsl, HookJournal journal) implements TestedApplication {
        @Override
        public DSLContext dsl(DataSource dataSource, HookJournal unused) {
            return dsl;
        }
    }

    /** The same with a fixture; {@link Fixture#NONE} by default. */
    public RolledBackExtension fixture(Fixture kind) {
        return new RolledBackExtension(application, Objects.requireNonNull(kind, "kind"), shared);
    }

    /** A constructor's parameters are the test's, like its methods'. */
    @Override
    public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext root) {
        return ExtensionContextScope.TEST_METHOD;
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        if (fixture == Fixture.PER_CLASS) {
            begin(context);
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        if (fixture == Fixture.PER_CLASS && store(context).get(Begun.class) == null) {
            throw new ExtensionConfigurationException("A fixture per class needs the extension on a static field of "
                    + context.getRequiredTestClass().getName());
        }
        begin(context);
    }

    @Override
    public void afterEach(ExtensionContext context) {
        end(context);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (fixture == Fixture.PER_CLASS) {
            end(context);
        }
    }

    private void begin(ExtensionContext context) {
        Begun around = store(context).get(Begun.class, Begun.class);
        if (around != null && around.context().equals(context.getUniqueId())) {
            throw new ExtensionConfigurationException(context.getDisplayName()
                    + " is rolled back by two extensions, of which one would take the other's transaction for its own."
                    + " Nothing was sent. Leave one: @RolledBack, or RolledBackExtension in a field.");
        }
        World world = world(context);
        world.journal().clear();
        TestTransaction begun = around == null
                ? world.database().begin(context.getDisplayName())
                : around.test().nest(context.getDisplayName());
        store(context).put(Begun.class, new Begun(context.getUniqueId(), begun.watch(world.journal())));
    }

    /** A running test, and the context in which it was begun. */
    private record Begun(String context, TestTransaction test) {}

    private static void end(ExtensionContext context) {
        Begun ending = store(context).remove(Begun.class, Begun.class);
        if (ending != null) {
            ending.test().close();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return PARAMETERS.contains(parameter.getParameter().getType());
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        World world = world(context);
        if (type == DSLContext.class) {
            return world.dsl();
        }
        if (type == DataSource.class) {
            return world.database().dataSource();
        }
        if (type == HookJournal.class) {
            return world.journal();
        }
        if (type == RolledBackDatabase.class) {
            return world.database();
        }
        Begun begun = store(context).get(Begun.class, Begun.class);
        if (begun == null) {
            throw new ExtensionConfigurationException(type.getSimpleName()
                    + " can be injected into methods only: when the constructor runs, the test has not begun");
        }
        return type == Faults.class ? begun.test().faults() : begun.test();
    }

    /** What a test, or the tests of a class with a fixture, work with. */
    private record World(RolledBackDatabase database, HookJournal journal, DSLContext dsl) {}

    private World world(ExtensionContext context) {
        Store store = store(context);
        synchronized (RolledBackExtension.class) {
            World known = store.get(World.class, World.class);
            if (known == null) {
                known = newWorld();
                store.put(World.class, known);
            }
            return known;
        }
    }

    private World newWorld() {
        RolledBackOptions options = application.options().onlyInTests();
        RolledBackDatabase database =
                shared != null ? shared : RolledBackDatabase.over(application.database(), options);
        HookJournal journal = application instanceof Running running ? running.journal() : new HookJournal();
        return new World(database, journal, application.dsl(database.dataSource(), journal));
    }

    /** Each context's own; what is not in it is looked up in those around it. */
    private static Store store(ExtensionContext context) {
        return context.getStore(NAMESPACE);
    }
}
