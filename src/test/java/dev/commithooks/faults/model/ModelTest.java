package dev.commithooks.faults.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.commithooks.CommitHooks;
import dev.commithooks.faults.model.World.HookException;
import dev.commithooks.faults.model.World.WorkException;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.JournalEntry;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.BucketMode;
import dev.commithooks.transaction.AfterCommitException;
import dev.commithooks.transaction.TransactionAbortedException;
import dev.commithooks.transaction.TransactionInDoubtException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Random transactions: what hooks were told, what the database holds and what the caller saw are as the model says, and nothing
 * is left open. The property {@code commithooks.model.trees} says how many, {@code commithooks.model.seed} which is the first.
 */
@Database
class ModelTest {

    private static final int TREES = Integer.getInteger("commithooks.model.trees", 300);
    private static final long FIRST_SEED = Long.getLong("commithooks.model.seed", 1L);
    private static final int IDS_PER_TREE = 1_000;
    /** How many disagreements are looked for. */
    private static final int ENOUGH = 5;

    private static final Duration GRACE = Duration.ofSeconds(2);

    /** Held here, or its level is forgotten. */
    private static final Logger LOGGER = Logger.getLogger("dev.commithooks");

    private final TestDatabase database;
    private final Connection witness;
    private HikariDataSource pool;
    private long firstId;
    private long lastEntry;

    ModelTest(TestDatabase database) throws SQLException {
        this.database = database;
        this.witness = database.simpleDataSource().getConnection();
        this.pool = database.pool(1);
    }

    /** Each tree that goes wrong on purpose would be logged. */
    @BeforeEach
    void quiet() {
        LOGGER.setLevel(Level.OFF);
        Surroundings.prepare(database);
    }

    @AfterEach
    void loud() throws SQLException {
        LOGGER.setLevel(null);
        witness.close();
    }

    @Test
    void randomTransactionsAgreeWithTheModel() {
        List<String> disagreements = new ArrayList<>();
        for (long seed = FIRST_SEED; seed < FIRST_SEED + trees() && disagreements.size() < ENOUGH; seed++) {
            Tree tree = tree(seed);
            if (check(tree) != null) {
                Tree small = new Shrinker(candidate -> check(candidate) != null).shrink(tree);
                disagreements.add("-Dcommithooks.model.seed=" + seed + " disagrees; as small as it gets, this does:\n"
                        + small + "\n" + check(small));
            }
        }
        assertThat(disagreements).isEmpty();
    }

    /** Shows that the test can fail: a world in which one event is lost disagrees, and shrinks to that event. */
    @Test
    void disagreementShrinksToWhatMatters() {
        Ways ways = ways();
        Tree tree = new Tree(
                Tree.Source.THREAD_LOCAL,
                BucketMode.NET,
                List.of(
                        new Tree.Update(1),
                        new Tree.Nested(List.of(new Tree.Insert(5, true), new Tree.Delete(2)), Tree.End.NORMALLY, true),
                        new Tree.OnCommit(7)),
                Tree.End.NORMALLY,
                Map.of(1, Tree.Deed.AFTER_THROWS));

        Tree small = new Shrinker(candidate -> {
                    ModelWorld model = new ModelWorld(candidate, ways);
                    run(candidate, model, ways);
                    return model.events.contains("after DELETE 2");
                })
                .shrink(tree);

        assertThat(small)
                .isEqualTo(new Tree(
                        Tree.Source.POOL, BucketMode.EVERY, List.of(new Tree.Delete(2)), Tree.End.NORMALLY, Map.of()));
    }

    /** The tree of a seed. */
    Tree tree(long seed) {
        return TreeGenerator.tree(seed, ways());
    }

    /** Owners differ in how they find out that nothing can be committed: what is told is the same, but for the stage. */
    boolean isKnownByOutcomeOnly(ModelWorld model) {
        return model.hasSessionEnded;
    }

    /** What is promised of this world, where the model says that. */
    List<String> promised(List<String> events) {
        return events;
    }

    /** What the database does in its own way, and what happens to a tree there. */
    Ways ways() {
        return new Ways(database.product(), true, true, false);
    }

    /** How many trees are tried. */
    int trees() {
        return TREES;
    }

    /** The world that is compared with the model. */
    RealWorld world(Tree tree, Surroundings around, HikariDataSource pool, long firstRow) {
        return new RealWorld(tree, around, pool, firstRow);
    }

    private @Nullable AssertionError check(Tree tree) {
        try {
            compare(tree);
            return null;
        } catch (AssertionError | SQLException | RuntimeException disagreement) {
            renewPool();
            return disagreement instanceof AssertionError error ? error : new AssertionError(disagreement);
        }
    }

    private void compare(Tree tree) throws SQLException {
        firstId += IDS_PER_TREE;
        prepareRows();
        ModelWorld model = new ModelWorld(tree, ways());
        RealWorld real;

        String expected = run(tree, model, ways());
        String thrown;
        try (Surroundings around = new Surroundings(tree, database, ways())) {
            real = world(tree, around, pool, firstId);
            thrown = run(tree, real, ways());
        }

        if (isKnownByOutcomeOnly(model)) {
            ByOutcome outcomes = new ByOutcome(tree, model);
            assertThat(outcomes.of(real.events)).as("events").isEqualTo(outcomes.of(model.events));
            assertThat(thrown)
                    .as("what the caller saw")
                    .isNotIn(model.isRollbackWished ? List.of("after commit") : List.of("nothing", "after commit"));
        } else {
            assertThat(real.events).as("events").isEqualTo(promised(model.events));
            assertThat(thrown).as("what the caller saw").isEqualTo(expected);
        }
        assertThat(rows()).as("rows").isEqualTo(model.committed);
        assertThat(writes()).as("committed writes").isEqualTo(model.committedWrites);
        assertNothingIsLeft(real);
    }

    private String run(Tree tree, World world, Ways ways) {
        try {
            Interpreter.run(tree, world, ways);
            return "nothing";
        } catch (RuntimeException e) {
            return kindOf(e);
        }
    }

    private String kindOf(RuntimeException thrown) {
        if (thrown instanceof ModelWorld.Thrown) {
            return String.valueOf(thrown.getMessage());
        } else if (thrown instanceof AfterCommitException) {
            return "after commit";
        } else if (thrown instanceof TransactionAbortedException) {
            return "aborted";
        } else if (thrown instanceof TransactionInDoubtException) {
            return "in doubt";
        }
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof HookException || cause instanceof WorkException) {
                return String.valueOf(cause.getMessage());
            } else if (cause instanceof SQLException database) {
                return ways().kindOf(database);
            }
        }
        return thrown.toString();
    }

    private void prepareRows() throws SQLException {
        String sql = "insert into account (id, owner) values (?, 'row 1'), (?, 'row 2')";
        try (PreparedStatement insert = witness.prepareStatement(sql)) {
            insert.setLong(1, firstId + 1);
            insert.setLong(2, firstId + 2);
            insert.execute();
        }
        writes();
    }

    private Map<Integer, Integer> rows() throws SQLException {
        Map<Integer, Integer> rows = new TreeMap<>();
        String sql = "select id, balance from account where id between ? and ?";
        try (PreparedStatement select = witness.prepareStatement(sql)) {
            select.setLong(1, firstId);
            select.setLong(2, firstId + IDS_PER_TREE - 1);
            try (ResultSet found = select.executeQuery()) {
                while (found.next()) {
                    rows.put((int) (found.getLong(1) - firstId), found.getInt(2));
                }
            }
        }
        return rows;
    }

    /** What the database itself noted since it was asked last. */
    private List<String> writes() {
        List<String> writes = new ArrayList<>();
        for (JournalEntry entry : database.journal(lastEntry)) {
            lastEntry = entry.seq();
            if (entry.table().equals("account")) {
                long id = Long.parseLong(Objects.requireNonNull(entry.value("id")));
                writes.add(entry.operation() + " " + (id - firstId));
            }
        }
        return writes;
    }

    private void assertNothingIsLeft(RealWorld real) throws SQLException {
        assertThat(pool.getHikariPoolMXBean().getActiveConnections())
                .as("connections held")
                .isZero();
        try (Connection connection = pool.getConnection()) {
            assertThat(database.product().unwrapped(connection).getAutoCommit())
                    .as("autocommit")
                    .isTrue();
        }
        assertThat(database.leftovers(GRACE)).as("left open").isEmpty();
        assertThatThrownBy(() -> CommitHooks.current(real.dsl()).info())
                .as("no scope")
                .isInstanceOf(IllegalStateException.class);
        assertThat(OpenScopesOfThisThread.get()).as("scopes of this thread").isNullOrEmpty();
    }

    private void renewPool() {
        pool.close();
        pool = database.pool(1);
        OpenScopesOfThisThread.forget();
    }

    /** Looks behind the library's back. */
    private static final class OpenScopesOfThisThread {

        private static final ThreadLocal<?> OPEN = find();

        private static ThreadLocal<?> find() {
            try {
                var field = Class.forName("dev.commithooks.engine.boundary.OpenTransactions")
                        .getDeclaredField("OPEN");
                field.setAccessible(true);
                return (ThreadLocal<?>) field.get(null);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }

        static @Nullable Collection<?> get() {
            return (Collection<?>) OPEN.get();
        }

        static void forget() {
            OPEN.remove();
        }
    }
}
