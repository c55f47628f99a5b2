package dev.commithooks.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.storage.GraphStep.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Random graphs stored, replaced and deleted, in transactions and savepoints that are undone at random: records say what is in the
 * database, those of what was rolled back are what they were, and hooks are told each row that was written.
 *
 * <p>Longer, or from another seed: {@code -Dcommithooks.graphs.programs=2000 -Dcommithooks.graphs.seed=7}.
 */
@Database
@NeedsRealCommits("counts statements by the thousand")
class RandomGraphsTest {

    private static final int PROGRAMS = Integer.getInteger("commithooks.graphs.programs", 25);
    private static final long SEED = Long.getLong("commithooks.graphs.seed", 1);

    private final TestDatabase database;
    private final AnyDatabase any;

    RandomGraphsTest(TestDatabase database) {
        this.database = database;
        this.any = new AnyDatabase(database);
    }

    /** The first lie that a program finds; null if there is none. */
    private @Nullable String lie(List<GraphStep> program, int[] checks) {
        database.reset();
        any.journal.drain();
        GraphRun run = new GraphRun(any);
        try {
            run.run(program);
            return null;
        } catch (GraphRun.Lie lie) {
            return lie.getMessage();
        } finally {
            checks[0] += run.checks();
        }
    }

    private List<GraphStep> shrunk(List<GraphStep> failing) {
        List<GraphStep> smallest = failing;
        boolean smaller = true;
        while (smaller) {
            smaller = false;
            for (List<GraphStep> fewer : GraphStep.smaller(smallest)) {
                if (lie(fewer, new int[1]) != null) {
                    smallest = fewer;
                    smaller = true;
                    break;
                }
            }
        }
        return smallest;
    }

    @Test
    void recordsRowsAndHooksAgree() {
        int[] checks = new int[1];
        for (int i = 0; i < PROGRAMS; i++) {
            Random random = new Random(SEED * 1_000_003 + i);
            List<GraphStep> program = new ArrayList<>();
            for (int transaction = 0; transaction < 4; transaction++) {
                program.add(new Level(random.nextInt(3) == 0, GraphStep.random(random, 0)));
            }
            String lie = lie(program, checks);
            if (lie != null) {
                List<GraphStep> small = shrunk(program);
                throw new AssertionError("seed " + SEED + ", program " + i + ": " + small + "\n" + lie(small, checks));
            }
        }
        assertThat(checks[0]).as("records and rows compared").isGreaterThan(PROGRAMS * 10);
        System.out.println(PROGRAMS + " programs, " + checks[0] + " comparisons, 0 lies");
    }
}
