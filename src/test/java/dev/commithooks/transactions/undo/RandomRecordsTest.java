package dev.commithooks.transactions.undo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.CommitHooks;
import dev.commithooks.CommitHooksBuilder;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.RolledBackRecords;
import dev.commithooks.transactions.undo.Step.Bracket;
import dev.commithooks.transactions.undo.Step.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.conf.RenderQuotedNames;
import org.jooq.conf.Settings;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Random operations on records, over transactions, savepoints and rollbacks: after each rollback, records are what they were before
 * they were first written in what was rolled back, and storing them brings the database to where fresh ones would.
 *
 * <p>Longer, or from another seed: {@code -Dcommithooks.restoring.steps=20000 -Dcommithooks.restoring.seed=7}.
 */
@Database
@NeedsRealCommits("counts statements by the thousand")
class RandomRecordsTest {

    private static final int STEPS = Integer.getInteger("commithooks.restoring.steps", 80);
    private static final long SEED = Long.getLong("commithooks.restoring.seed", 1);
    private final TestDatabase database;
    private final DataSource connections;

    RandomRecordsTest(TestDatabase database) {
        this.database = database;
        this.connections = database.pool(1);
    }

    /**
     * Transactions on the same records, one after the other.
     *
     * @param settings the number of the settings
     * @param hooks whether there are hooks
     */
    private record Program(int settings, boolean hooks, List<Step> transactions) {

        static Program random(Random random, int count) {
            List<Step> transactions = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                transactions.add(new Level(Bracket.NESTED, random.nextBoolean(), Step.random(random, Run.ROWS, 0)));
            }
            return new Program(random.nextInt(SETTINGS.size()), random.nextBoolean(), transactions);
        }

        Program with(List<Step> fewer) {
            return new Program(settings, hooks, fewer);
        }
    }

    private static final List<Settings> SETTINGS = List.of(
            quiet(),
            quiet().withUpdatablePrimaryKeys(true),
            quiet().withExecuteWithOptimisticLocking(true),
            quiet().withReturnAllOnUpdatableRecord(true),
            quiet().withRenderQuotedNames(RenderQuotedNames.EXPLICIT_DEFAULT_UNQUOTED));

    private static Settings quiet() {
        return new Settings().withExecuteLogging(false);
    }

    private DSLContext dsl(Program program, RolledBackRecords policy) {
        CommitHooksBuilder hooks = CommitHooks.builder().rolledBackRecords(policy);
        if (program.hooks()) {
            hooks.registerAll(new HookJournal());
        }
        return hooks.build().attachTo(database.dsl(connections, SETTINGS.get(program.settings())));
    }

    /** The first difference; null if there is none. */
    private @Nullable String difference(Program program, RolledBackRecords policy, int[] compared) {
        database.reset();
        Run run = new Run(dsl(program, policy));
        String difference = Run.difference(() -> program.transactions().forEach(step -> {
            if (step instanceof Level transaction) {
                run.transaction(transaction.steps(), transaction.undone());
            }
        }));
        compared[0] += run.compared();
        return difference;
    }

    private Program shrunk(Program failing, RolledBackRecords policy) {
        Program smallest = failing;
        boolean smaller = true;
        while (smaller) {
            smaller = false;
            for (List<Step> fewer : Step.smaller(smallest.transactions())) {
                Program candidate = smallest.with(fewer);
                if (difference(candidate, policy, new int[1]) != null) {
                    smallest = candidate;
                    smaller = true;
                    break;
                }
            }
        }
        return smallest;
    }

    @Test
    void recordsAreWhatTheyWereAfterEachRollback() {
        Random random = new Random(SEED);
        int[] compared = new int[1];
        int steps = 0;
        while (steps < STEPS) {
            Program program = Program.random(random, 5);
            String difference = difference(program, RolledBackRecords.RESTORED, compared);
            if (difference != null) {
                Program small = shrunk(program, RolledBackRecords.RESTORED);
                throw new AssertionError("seed " + SEED + ", after " + steps + " steps: " + small + "\n"
                        + Objects.requireNonNullElse(
                                difference(small, RolledBackRecords.RESTORED, compared), difference));
            }
            steps += Step.count(program.transactions());
        }
        assertThat(compared[0]).as("records compared in %s steps", steps).isGreaterThan(STEPS / 4);
        System.out.println(steps + " steps, " + compared[0] + " records compared after rollbacks, 0 differences");
    }

    @Test
    void recordsThatAreLeftAloneAreFoundByAFewSteps() {
        Random random = new Random(SEED);
        Program program = Program.random(random, 1);
        while (difference(program, RolledBackRecords.LEFT_ALONE, new int[1]) == null) {
            program = Program.random(random, 1);
        }

        assertThat(Step.count(shrunk(program, RolledBackRecords.LEFT_ALONE).transactions()))
                .isLessThanOrEqualTo(2);
    }
}
