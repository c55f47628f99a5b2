package dev.commithooks.testkit;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.testkit.ShopApplication.author;
import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.change.Inserted;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.hook.HookContext;
import dev.commithooks.testing.HeldCalls;
import dev.commithooks.testing.HeldCalls.HeldCall;
import dev.commithooks.testing.HookJournal;
import dev.commithooks.testing.RolledBackDatabase;
import dev.commithooks.testing.TestTransaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import javax.sql.DataSource;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;

/**
 * Random transactions whose hooks are held back, and delivered late, dropped, or called in another order. They run for real, and
 * again in a test that is rolled back: both times hooks are called as a list on paper says, and the rows are those of the list.
 */
@Database
@NeedsRealCommits("runs for real, and again in an outer transaction of its own")
class RandomHeldCallsTest {

    private static final int PROGRAMS = Integer.getInteger("commithooks.held.programs", 20);
    private static final long FIRST_SEED = Long.getLong("commithooks.held.seed", 1L);

    private final TestDatabase database;

    RandomHeldCallsTest(TestDatabase database) {
        this.database = database;
    }

    @Test
    void hooksAreCalledAsOnPaperForRealAndInARolledBackTest() throws Exception {
        DataSource real = database.pool(2);
        RolledBackDatabase rolledBack = RolledBackDatabase.over(real);
        World really = new World(real);
        World virtually = new World(rolledBack.dataSource());
        int journaled = 0;
        for (long seed = FIRST_SEED; seed < FIRST_SEED + PROGRAMS; seed++) {
            Paper paper = new Paper();
            really.run(seed, paper);
            assertThat(really.rows(seed)).as("rows of seed %d", seed).isEqualTo(paper.rows);
            int before = journaled;
            journaled = database.journal().size();
            assertThat(journaled - before).as("journal of seed %d", seed).isEqualTo(paper.rows.size());

            try (TestTransaction test = rolledBack.begin("seed " + seed).watch(virtually.journal)) {
                Paper again = new Paper();
                virtually.run(-seed, again);
                assertThat(virtually.rows(-seed)).isEqualTo(again.rows).isEqualTo(paper.rows);
                assertThat(virtually.told).as("told of seed %d", seed).isEqualTo(really.told);
                assertThat(test.findings()).isEmpty();
            }
        }
        assertThat(database.journal())
                .as("of the rolled-back ones nothing stays")
                .hasSize(journaled);
    }

    /** What is to be told, and to be there, by the rules of the documentation. */
    private static final class Paper {
        final TreeSet<String> rows = new TreeSet<>();
        final List<String> told = new ArrayList<>();
        final List<String> waiting = new ArrayList<>();

        void committed(List<String> names, boolean callback) {
            rows.addAll(names);
            waiting.addAll(names);
            if (callback) {
                waiting.add("callback");
            }
        }

        /** A hook that is called sees as many rows as there are by now; some write another, whose hook waits in turn. */
        void delivered(int at) {
            String call = waiting.remove(at);
            told.add(call.equals("callback") ? call : call + " of " + rows.size());
            if (call.endsWith("w")) {
                committed(List.of(call + "+"), false);
            }
        }
    }

    /** An application on a data source. */
    private final class World {

        final HookJournal journal = new HookJournal();
        final DSLContext dsl;
        final DSLContext plain;
        final List<String> told = new ArrayList<>();
        private long program;

        World(DataSource dataSource) {
            plain = DSL.using(dataSource, SQLDialect.POSTGRES);
            dsl = journal.installIn(CommitHooks.builder().on(AUTHOR, on -> on.afterCommitInsert(this::called)))
                    .build()
                    .attachTo(DSL.using(dataSource, SQLDialect.POSTGRES));
        }

        private void called(Inserted<AuthorRecord> author, HookContext ctx) {
            String name = author.row().getName();
            String word = name.substring(name.indexOf(' ') + 1);
            told.add(word + " of " + ctx.dsl().fetchCount(AUTHOR, AUTHOR.NAME.startsWith(program + " ")));
            if (name.endsWith("w")) {
                ctx.dsl().transaction(tx -> author(tx.dsl(), name + "+"));
            }
        }

        TreeSet<String> rows(long of) {
            return new TreeSet<>(plain.select(AUTHOR.NAME)
                    .from(AUTHOR)
                    .where(AUTHOR.NAME.startsWith(of + " "))
                    .fetch(row -> row.value1().substring(row.value1().indexOf(' ') + 1)));
        }

        /** Runs the program of a seed, which is that of its negative too, and checks each step against the paper. */
        void run(long seed, Paper paper) throws Exception {
            program = seed;
            told.clear();
            Random random = new Random(Math.abs(seed));
            try (HeldCalls held = journal.hold()) {
                for (int step = 0; step < 8; step++) {
                    step(random, "s" + step, held, paper);
                    assertThat(told)
                            .as("told by step %d of seed %d", step, seed)
                            .isEqualTo(paper.told);
                    assertThat(held.waiting())
                            .as("waiting at step %d of seed %d", step, seed)
                            .hasSameSizeAs(paper.waiting);
                }
                while (!paper.waiting.isEmpty()) {
                    paper.delivered(0);
                }
                held.deliver();
            }
            assertThat(told).as("told by seed %d", seed).isEqualTo(paper.told);
        }

        private void step(Random random, String name, HeldCalls held, Paper paper) throws Exception {
            int waiting = paper.waiting.size();
            switch (waiting == 0 ? 0 : random.nextInt(5)) {
                case 1 -> {
                    int at = random.nextInt(waiting);
                    HeldCall call = held.waiting().get(at);
                    paper.delivered(at);
                    call.deliver();
                }
                case 2 -> {
                    int at = random.nextInt(waiting);
                    held.waiting().get(at).drop();
                    paper.waiting.remove(at);
                }
                default -> transaction(random, name, paper);
            }
        }

        private void transaction(Random random, String name, Paper paper) {
            boolean fails = random.nextInt(4) == 0;
            boolean nestedFails = random.nextInt(3) == 0;
            boolean nestedHasCallback = random.nextBoolean();
            String first = name + (random.nextInt(3) == 0 ? "w" : "");
            List<String> committed = new ArrayList<>(List.of(first));
            try {
                dsl.transaction(tx -> {
                    author(tx.dsl(), program + " " + first);
                    if (nested(tx, name + "n", nestedFails, nestedHasCallback)) {
                        committed.add(name + "n");
                    }
                    if (fails) {
                        throw new IllegalStateException("the transaction's");
                    }
                });
                paper.committed(committed, nestedHasCallback && !nestedFails);
            } catch (IllegalStateException e) {
                assertThat(e).hasMessage("the transaction's");
            }
        }

        private boolean nested(Configuration tx, String name, boolean fails, boolean hasCallback) {
            try {
                tx.dsl().transaction(nested -> {
                    author(nested.dsl(), program + " " + name);
                    if (hasCallback) {
                        CommitHooks.current(nested).onCommit(() -> told.add("callback"));
                    }
                    if (fails) {
                        throw new IllegalArgumentException("the nested one's");
                    }
                });
                return true;
            } catch (IllegalArgumentException e) {
                return false;
            }
        }
    }
}
