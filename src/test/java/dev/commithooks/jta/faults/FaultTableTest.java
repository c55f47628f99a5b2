package dev.commithooks.jta.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.fixture.Coordinator;
import dev.commithooks.fixture.DocTable;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.jta.faults.TwoDatabases.Attempt;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Each fault happens to a transaction: what both databases hold is what hooks and late listeners were told, or in doubt, and it is
 * what the page says. All of them happen first, then recovery runs once for all.
 */
@NeedsRealCommits("two phases")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaultTableTest {

    private static final Path PAGE = Path.of(System.getProperty("basedir", ""), "docs", "JTA.md");

    private final TwoDatabases databases = new TwoDatabases();
    private final Map<BranchFault, Happened> happened = new EnumMap<>(BranchFault.class);

    /** A transaction with a fault, as things stood when its caller had been told. */
    private record Happened(Attempt attempt, String status, String a, String b) {}

    @BeforeAll
    void letThemHappen() {
        for (BranchFault fault : BranchFault.values()) {
            happened.put(fault, letHappen(fault));
        }
        databases.recover();
    }

    @AfterAll
    void close() {
        databases.close();
    }

    private Happened letHappen(BranchFault fault) {
        String[] status = {"none"};
        Set<String> preparedInA = new TreeSet<>(databases.a().prepared());
        Set<String> preparedInB = new TreeSet<>(databases.b().prepared());
        Attempt attempt = databases.attempt(fault.name(), () -> {
            databases.jta().manager().getTransaction().registerSynchronization(new Synchronization() {
                @Override
                public void beforeCompletion() {}

                @Override
                public void afterCompletion(int is) {
                    status[0] = is == Status.STATUS_COMMITTED ? "COMMITTED" : "ROLLEDBACK";
                }
            });
            if (fault.scope() == BranchFault.Scope.BOTH) {
                databases.store(databases.a(), fault.name());
            }
            databases.store(databases.b(), fault.name());
            fault.troubles().happenIn(databases);
        });
        databases
                .both()
                .forEach(side -> assertThat(side.faults().areOver())
                        .as("what was to happen has happened")
                        .isTrue());
        return new Happened(
                attempt, status[0], state(databases.a(), fault, preparedInA), state(databases.b(), fault, preparedInB));
    }

    private static String state(Side side, BranchFault fault, Set<String> preparedBefore) {
        if (side.owners().contains(fault.name())) {
            return "committed";
        }
        return preparedBefore.containsAll(side.prepared()) ? "rolled back" : "prepared";
    }

    @ParameterizedTest
    @EnumSource
    void databasesHoldWhatHooksAndLateListenersWereTold(BranchFault fault) {
        Attempt attempt = happened.get(fault).attempt();
        for (Side side : List.of(databases.a(), databases.b())) {
            Verdict verdict = verdict(attempt, side);

            assertThat(verdict.lie()).as("%s: %s", side.name(), verdict).isEmpty();
        }
    }

    @Test
    void nothingIsPreparedAnyMore() {
        assertThat(databases.both().flatMap(side -> side.prepared().stream())).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void isAsThePageSays(BranchFault fault) {
        assertThat(page()).hasSameSizeAs(BranchFault.values()).contains(row(fault));
    }

    /** Atomikos' own rows stand in a table of theirs, which has nothing that is the same on both. */
    private static List<List<String>> page() {
        List<List<String>> page = DocTable.under("## What happens when", PAGE);
        if (Coordinator.isNarayana()) {
            return page;
        }
        Map<List<String>, List<String>> own = DocTable.under("## Atomikos", PAGE).stream()
                .collect(Collectors.toMap(FaultTableTest::event, row -> row));
        assertThat(page).doesNotContainAnyElementsOf(own.values());
        return page.stream().map(row -> own.getOrDefault(event(row), row)).toList();
    }

    /** What goes wrong, and in how many databases. */
    private static List<String> event(List<String> row) {
        return List.of(row.get(0), row.get(3).equals("–") ? "one phase" : "two phases");
    }

    private List<String> row(BranchFault fault) {
        Happened what = happened.get(fault);
        return List.of(
                fault.title(),
                what.status(),
                caller(what.attempt().thrown()),
                fault.scope() == BranchFault.Scope.B ? "–" : cell(what.a(), what.attempt(), databases.a()),
                cell(what.b(), what.attempt(), databases.b()),
                later(what.attempt()));
    }

    private static String caller(@Nullable Throwable thrown) {
        return thrown == null ? "ok" : thrown.getClass().getSimpleName();
    }

    private String cell(String state, Attempt attempt, Side side) {
        String told = verdict(attempt, side).told();
        return state + ", " + (told.equals("inDoubt") ? "in doubt" : told);
    }

    private String later(Attempt attempt) {
        List<String> later = new ArrayList<>();
        databases
                .both()
                .forEach(side ->
                        verdict(attempt, side).late().forEach(outcome -> later.add(side.name() + " " + outcome)));
        return later.isEmpty() ? "–" : String.join(", ", later);
    }

    private Verdict verdict(Attempt attempt, Side side) {
        return Verdict.of(attempt, side.name(), side.told().events(), Verdict.owners(side), databases.late());
    }
}
