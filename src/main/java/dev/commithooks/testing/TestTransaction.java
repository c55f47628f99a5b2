package dev.commithooks.testing;

import dev.commithooks.testing.Finding.Kind;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A running test: the outer transaction, or a savepoint in that of the test around it. To be closed by whoever began it, on any
 * thread.
 */
public final class TestTransaction implements AutoCloseable {

    private static final Logger LOG = System.getLogger(TestTransaction.class.getName());

    private final RolledBackDatabase database;
    private final String name;
    private final @Nullable TestTransaction around;
    private final OuterTransaction outer;
    private final Faults faults = new Faults();
    private final List<Finding> findings = Collections.synchronizedList(new ArrayList<>());
    private final List<Watched> watched = new CopyOnWriteArrayList<>();
    private final AtomicLong commits = new AtomicLong();
    private volatile boolean used;
    private boolean closed;

    /**
     * A journal of the application's hooks.
     *
     * @param before how many commits it had heard of when the test began
     */
    private record Watched(HookJournal journal, long before) {

        long commits() {
            return journal.commits() - before;
        }
    }

    TestTransaction(RolledBackDatabase database, String name) {
        this.database = database;
        this.name = name;
        this.around = null;
        this.outer = new OuterTransaction(database);
    }

    private TestTransaction(TestTransaction around, String name) {
        this.database = around.database;
        this.name = name;
        this.around = around;
        this.outer = around.outer;
    }

    /** Its name, as given. */
    public String name() {
        return name;
    }

    /**
     * Begins a test within this one, which keeps what was written so far as a fixture.
     *
     * @throws IllegalStateException when this is not the innermost test, or has ended
     */
    public TestTransaction nest(String nested) {
        TestTransaction begun = new TestTransaction(this, Objects.requireNonNull(nested, "nested"));
        if (database.current() != this) {
            throw new IllegalStateException("Test '" + nested + "' cannot begin within '" + name + "': "
                    + (database.current() == null ? "that has ended" : database.current() + " is running")
                    + ". Nothing was sent.");
        }
        database.replace(this, begun);
        return begun;
    }

    /** Orders faults for this test. */
    public Faults faults() {
        return faults;
    }

    /**
     * Looks at a journal at the end: what it holds back then, and what it has heard of that was committed elsewhere, are findings.
     * The JUnit extension does it by itself.
     *
     * @return this
     */
    public TestTransaction watch(HookJournal journal) {
        watched.add(new Watched(journal, journal.commits()));
        return this;
    }

    /** What was found so far; after {@link #close()}, all of it. */
    public List<Finding> findings() {
        return List.copyOf(findings);
    }

    /**
     * Ends the test: rolls back what it wrote, gives back the real connection, then looks at what was found. Does nothing when
     * it is repeated.
     *
     * @throws LeftBehindError when a finding's verdict is {@link Verdict#FAIL}
     */
    @Override
    public void close() {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        TestTransaction innermost = database.current();
        try {
            outer.end(this);
        } finally {
            database.replace(Objects.requireNonNullElse(innermost, this), around);
        }
        if (!used) {
            found(
                    Kind.UNUSED,
                    "no statement was executed on its data source. Either the test needs no database, or the"
                            + " application uses another data source than RolledBackDatabase.dataSource(), and what it"
                            + " wrote IS COMMITTED there");
        }
        faults.endStandstills()
                .forEach(call -> found(
                        Kind.RUNNING_STATEMENT, call + " was still standing still: it has lost its connection now"));
        faults.unused().forEach(fault -> found(Kind.UNUSED_FAULT, fault + " was ordered and did not happen"));
        watched.forEach(this::look);
        judge();
    }

    private void look(Watched at) {
        at.journal().endHolding().forEach(left -> found(left.kind(), left.message()));
        if (at.commits() > commits.get()) {
            found(
                    Kind.OTHER_DATA_SOURCE,
                    "hooks heard of " + at.commits() + " transactions with changes that were committed, and " + commits
                            + " of them happened on its data source: the application uses another one too, and what it"
                            + " wrote there IS COMMITTED. Give it RolledBackDatabase.dataSource() everywhere");
        }
    }

    /** A transaction that wrote was committed. */
    void committed() {
        for (TestTransaction test = this; test != null; test = test.around) {
            test.commits.incrementAndGet();
        }
    }

    private void judge() {
        List<Finding> failing = new ArrayList<>();
        for (Finding finding : findings()) {
            switch (database.options().verdictOn(finding.kind())) {
                case FAIL -> failing.add(finding);
                case REPORT -> LOG.log(Level.WARNING, "Test ''{0}'': {1}", name, finding.message());
                case IGNORE -> {}
            }
        }
        if (!failing.isEmpty()) {
            throw new LeftBehindError("Test '" + name + "'", failing);
        }
    }

    void isUsed() {
        for (TestTransaction test = this; test != null; test = test.around) {
            test.used = true;
        }
    }

    void found(Kind kind, String message) {
        Finding finding = new Finding(kind, message);
        if (database.options().verdictOn(kind) != Verdict.IGNORE && !findings.contains(finding)) {
            findings.add(finding);
        }
    }

    @Nullable
    TestTransaction around() {
        return around;
    }

    OuterTransaction outer() {
        return outer;
    }

    @Override
    public String toString() {
        return name;
    }
}
