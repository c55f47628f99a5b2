package dev.commithooks.transactions;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.CommitHooks;
import dev.commithooks.Transactions;
import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.transaction.Propagation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs each line of the table in docs/PROPAGATION.md. */
@Database
class PropagationTest {

    private static final Path TABLE = Path.of("docs", "PROPAGATION.md");
    private final List<String> events = Collections.synchronizedList(new ArrayList<>());
    private final DSLContext dsl;
    private final TestDatabase database;
    private boolean blockRan;

    PropagationTest(TestDatabase database) {
        this.database = database;
        CommitHooks hooks = CommitHooks.builder()
                .on(
                        AUTHOR,
                        on -> on.afterCommitInsert(
                                        (author, ctx) -> events.add(author.row().getName() + ": after"))
                                .failedCommitInsert(
                                        (author, ctx) -> events.add(author.row().getName() + ": failed "
                                                + ctx.failure().orElseThrow().stage())))
                .build();
        this.dsl = hooks.attachTo(database.dsl(database.pool(2)));
    }

    /** A line of the table. */
    record Line(
            Propagation propagation,
            String outer,
            String block,
            String blockRow,
            String outerRow,
            String hooks,
            String caller) {

        static Line parse(String text) {
            String[] cells = Arrays.stream(text.split("\\|"))
                    .map(String::strip)
                    .filter(cell -> !cell.isEmpty())
                    .toArray(String[]::new);
            return new Line(Propagation.valueOf(cells[0]), cells[1], cells[2], cells[3], cells[4], cells[5], cells[6]);
        }

        @Override
        public String toString() {
            return propagation + ", outer " + outer + ", block " + block;
        }
    }

    static Stream<Line> lines() throws IOException {
        return Files.readAllLines(TABLE).stream()
                .filter(line -> line.matches("\\| [A-Z_]+ \\|.*"))
                .map(Line::parse);
    }

    @Test
    void everyPropagationIsInTheTableForEveryOuterState() throws IOException {
        assertThat(lines().map(line -> line.propagation() + " " + line.outer()).distinct())
                .hasSize(Propagation.values().length * 3);
    }

    @ParameterizedTest
    @MethodSource("lines")
    @NeedsRealCommits(
            value = "an independent commit inside a transaction that rolls back later",
            invocations = "REQUIRES_NEW, outer open, block returns, outer throws")
    void doesWhatTheTableSays(Line line) {
        if (line.propagation() == Propagation.REQUIRES_NEW && !line.outer().equals("none")) {
            database.assumeThatItHas(Ability.CONCURRENT_WRITERS);
        }
        String caller = run(line);

        assertThat(new Line(
                        line.propagation(),
                        line.outer(),
                        blockRan ? line.block() : "not run",
                        fateOf("block"),
                        line.outer().equals("none") ? "-" : fateOf("outer"),
                        hooksOf("block"),
                        caller))
                .isEqualTo(line);
    }

    private String fateOf(String name) {
        boolean there = database.journal().stream().anyMatch(entry -> name.equals(entry.value("name")));
        return there ? "committed" : name.equals("block") && !blockRan ? "none" : "rolled back";
    }

    private String hooksOf(String name) {
        List<String> own = events.stream()
                .filter(event -> event.startsWith(name + ": "))
                .map(event -> event.substring(name.length() + 2))
                .toList();
        return own.isEmpty() ? "-" : String.join(", ", own);
    }

    private String run(Line line) {
        if (line.outer().equals("none")) {
            return callerOf(() -> runBlock(line, dsl.configuration()));
        }
        if (line.outer().equals("open")) {
            return callerOf(() -> dsl.transaction(tx -> {
                write(tx, "outer");
                swallowing(line, () -> runBlock(line, tx));
                throwIf(line.block().equals("returns, outer throws"), "outer");
            }));
        }
        List<String> caller = new ArrayList<>();
        dsl.transaction(tx -> {
            write(tx, "outer");
            caller.add(callerOf(() -> tx.dsl().transaction(nested -> swallowing(line, () -> runBlock(line, nested)))));
        });
        return caller.get(0);
    }

    private void runBlock(Line line, Configuration configuration) {
        Transactions.with(configuration).propagation(line.propagation()).run(tx -> {
            blockRan = true;
            write(tx, "block");
            throwIf(line.block().startsWith("throws"), "block");
        });
    }

    private static void swallowing(Line line, Runnable action) {
        try {
            action.run();
        } catch (IllegalArgumentException thrown) {
            if (!line.block().equals("throws, swallowed")) {
                throw thrown;
            }
        }
    }

    private static String callerOf(Runnable action) {
        try {
            action.run();
            return "the result";
        } catch (IllegalArgumentException thrown) {
            return "the " + thrown.getMessage() + "'s exception";
        } catch (RuntimeException other) {
            return other.getClass().getSimpleName();
        }
    }

    private static void throwIf(boolean condition, String who) {
        if (condition) {
            throw new IllegalArgumentException(who);
        }
    }

    private static void write(Configuration tx, String name) {
        AuthorRecord author = tx.dsl().newRecord(AUTHOR);
        author.setName(name);
        author.store();
    }
}
