package dev.commithooks.faults.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.commithooks.CommitHooks;
import dev.commithooks.faults.model.World.HookException;
import dev.commithooks.faults.model.World.WorkException;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.BucketMode;
import dev.commithooks.transaction.AfterCommitException;
import dev.commithooks.transaction.TransactionAbortedException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/**
 * Random transactions: what hooks were told, what the database holds and what the caller saw are as the model says, and nothing
 * is left open. The property {@code commithooks.model.trees} says how many, {@code commithooks.model.seed} which is the first.
 */
@Database
class ModelTest {

    private static final int TREES = Integer.getInteger("commithooks.model.trees", 300);
    private static final long FIRST_SEED = Long.getLong("commithooks.model.seed", 1L);
    private static final int IDS_PER_TREE = 1_000;

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
    }

    @AfterEach
    void loud() throws SQLException {
        LOGGER.setLevel(null);
        witness.close();
    }

    @Test
    void randomTransactionsAgreeWithTheModel() {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + trees(); seed++) {
            Tree tree = tree(seed);
            AssertionError failure = check(tree);
            if (failure != null) {
                Tree small = new Shrinker(candidate -> check(candidate) != null).shrink(tree);
                throw new AssertionError(
                        "-Dcommithooks.model.seed=" + seed + " disagrees; as small as it gets, this does:\n" + small
                                + "\n" + check(small),
                        failure);
            }
        }
    }

    /** Shows that the test can fail: a world in which one event is lost disagrees, and shrinks to that event. */
    @Test
    void disagreementShrinksToWhatMatters() {
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
                    ModelWorld model = new ModelWorld(candidate);
                    run(candidate, model);
                    return model.events.contains("after DELETE 2");
                })
                .shrink(tree);

        assertThat(small)
                .isEqualTo(new Tree(
                        Tree.Source.POOL, BucketMode.EVERY, List.of(new Tree.Delete(2)), Tree.End.NORMALLY, Map.of()));
    }

    /** The tree of a seed. */
    Tree tree(long seed) {
        return TreeGenerator.tree(seed);
    }

    /** How many trees are tried. */
    int trees() {
        return TREES;
    }

    /** The world that is compared with the model. */
    RealWorld world(Tree tree, HikariDataSource pool, long firstRow) {
        return new RealWorld(tree, database, pool, firstRow);
    }

    /** What is promised of this world, where the model says that. */
    List<String> promised(List<String> events) {
        return events;
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
        ModelWorld model = new ModelWorld(tree);
        RealWorld real = world(tree, pool, firstId);

        String expected = run(tree, model);
        String thrown = run(tree, real);

        assertThat(real.events).as("events").isEqualTo(promised(model.events));
        assertThat(thrown).as("what the caller saw").isEqualTo(expected);
        assertThat(rows()).as("rows").isEqualTo(model.committed);
        assertThat(writes()).as("committed writes").isEqualTo(model.committedWrites);
        assertNothingIsLeft(real);
    }

    private static String run(Tree tree, World world) {
        try {
            Interpreter.run(tree, world);
            return "nothing";
        } catch (RuntimeException e) {
            return kindOf(e);
        }
    }

    private static String kindOf(RuntimeException thrown) {
        if (thrown instanceof ModelWorld.Thrown) {
            return String.valueOf(thrown.getMessage());
        } else if (thrown instanceof AfterCommitException) {
            return "after commit";
        } else if (thrown instanceof TransactionAbortedException) {
            return "aborted";
        }
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof HookException || cause instanceof WorkException) {
                return String.valueOf(cause.getMessage());
            } else if (cause instanceof SQLException database) {
                return kindOf(database);
            }
        }
        return thrown.toString();
    }

    private static String kindOf(SQLException thrown) {
        return switch (thrown.getSQLState()) {
            case "23503" -> "refused";
            case "23505" -> "duplicate";
            default -> thrown.toString();
        };
    }

    private void prepareRows() throws SQLException {
        try (PreparedStatement insert =
                witness.prepareStatement("insert into account (id, owner) values (?, 'row 1'), (?, 'row 2')")) {
            insert.setLong(1, firstId + 1);
            insert.setLong(2, firstId + 2);
            insert.execute();
        }
        writes();
    }

    private Map<Integer, Integer> rows() throws SQLException {
        Map<Integer, Integer> rows = new TreeMap<>();
        try (PreparedStatement select =
                witness.prepareStatement("select id, balance::int from account where id between ? and ?")) {
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
    private List<String> writes() throws SQLException {
        List<String> writes = new ArrayList<>();
        try (PreparedStatement select = witness.prepareStatement(
                "select seq, operation, (coalesce(new_row, old_row) ->> 'id')::bigint from journal.entry"
                        + " where seq > ? and table_name = 'account' order by seq")) {
            select.setLong(1, lastEntry);
            try (ResultSet found = select.executeQuery()) {
                while (found.next()) {
                    lastEntry = found.getLong(1);
                    writes.add(found.getString(2) + " " + (found.getLong(3) - firstId));
                }
            }
        }
        return writes;
    }

    private void assertNothingIsLeft(RealWorld real) throws SQLException {
        assertThat(pool.getHikariPoolMXBean().getActiveConnections())
                .as("connections held")
                .isZero();
        try (Connection connection = pool.getConnection()) {
            Connection physical = (Connection) connection.unwrap(PGConnection.class);
            assertThat(physical.getAutoCommit()).as("autocommit").isTrue();
            try (Statement statement = physical.createStatement();
                    ResultSet row = statement.executeQuery("select pg_current_xact_id_if_assigned() is null")) {
                row.next();
                assertThat(row.getBoolean(1)).as("no transaction").isTrue();
            }
        }
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
