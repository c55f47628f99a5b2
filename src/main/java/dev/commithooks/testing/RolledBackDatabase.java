package dev.commithooks.testing;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A database on which a test may do what it likes: everything is rolled back at its end, and until then it looks as if it were
 * committed, so that hooks fire.
 *
 * <p>{@link #dataSource()} is what the application under test is given in place of the real one, once. During a test, all its
 * connections are virtual: they share one real connection, on which an outer transaction is open. What they begin is a savepoint
 * in it, what they commit is released, what they roll back is rolled back to. Outside of a test they are ordinary connections.
 *
 * <p>Thread-safe. One test at a time runs on it; tests in parallel need one each.
 *
 * @see TestTransaction
 */
public final class RolledBackDatabase {

    private final DataSource real;
    private final RolledBackOptions options;
    private final DataSource virtual;
    private final AtomicReference<@Nullable TestTransaction> current = new AtomicReference<>();
    private final AtomicInteger connections = new AtomicInteger();
    private volatile @Nullable DeferredConstraints constraints;

    private RolledBackDatabase(DataSource real, RolledBackOptions options) {
        this.real = real;
        this.options = options;
        this.virtual = new VirtualDataSource(this).as(DataSource.class);
    }

    /** Over the real data source: a pool, or a driver's. It gives one connection a test. */
    public static RolledBackDatabase over(DataSource real) {
        return over(real, RolledBackOptions.defaults());
    }

    /** Over the real data source, with options. */
    public static RolledBackDatabase over(DataSource real, RolledBackOptions options) {
        return new RolledBackDatabase(Objects.requireNonNull(real, "real"), Objects.requireNonNull(options, "options"));
    }

    /** What the application works with. The same object for life: it finds the running test when it is used. */
    public DataSource dataSource() {
        return virtual;
    }

    /**
     * Begins a test. No connection is taken before the first statement.
     *
     * @param name the test's name, for messages
     * @throws IllegalStateException when another test is running on this object
     */
    public TestTransaction begin(String name) {
        TestTransaction begun = new TestTransaction(this, Objects.requireNonNull(name, "name"));
        TestTransaction other = current.compareAndExchange(null, begun);
        if (other != null) {
            throw new IllegalStateException("Test '" + name + "' cannot begin: '" + other.name()
                    + "' is running on this RolledBackDatabase. Nothing was sent. Run the two one after the other"
                    + " (JUnit: @ResourceLock), or give each a RolledBackDatabase of its own.");
        }
        return begun;
    }

    /** The test that is running: the innermost, where one is nested in another. Null outside of tests. */
    @Nullable
    TestTransaction current() {
        return current.get();
    }

    /** The innermost test is another one now. */
    void replace(TestTransaction innermost, @Nullable TestTransaction next) {
        current.compareAndSet(innermost, next);
    }

    RolledBackOptions options() {
        return options;
    }

    Connection realConnection() throws SQLException {
        return real.getConnection();
    }

    DataSource realDataSource() {
        return real;
    }

    int nextConnectionNumber() {
        return connections.incrementAndGet();
    }

    @Nullable
    DeferredConstraints constraints() {
        return constraints;
    }

    void constraintsAre(DeferredConstraints found) {
        constraints = found;
    }

    @Override
    public String toString() {
        TestTransaction running = current();
        return "rolled-back database over " + real + (running == null ? "" : ", running " + running.name());
    }

    /** Runs work in a test of its own, and ends it. */
    public void run(String name, Work work) throws Exception {
        try (TestTransaction test = begin(name)) {
            work.run(test);
        }
    }

    /** A test's work. */
    @FunctionalInterface
    public interface Work {
        /** Does it. What it throws ends the test, and reaches whoever runs it. */
        void run(TestTransaction test) throws Exception;
    }
}
