package dev.commithooks.jta.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.fixture.Coordinator;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.jta.faults.TwoDatabases.Attempt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What resolvers find out of faults that leave doubt without them. */
@NeedsRealCommits("two phases")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ResolvedFaultsTest {

    private final TwoDatabases databases = TwoDatabases.withResolvers();

    @AfterAll
    void close() {
        databases.recover();
        databases.close();
    }

    @ParameterizedTest
    @CsvSource({
        "ENDED_BEFORE_ONE_PHASE, failed, false",
        "CUT_BEFORE_ONE_PHASE, failed, false",
        "CUT_AFTER_ONE_PHASE, after, true",
        "CUT_AFTER_COMMIT, after, true",
        "ROLLED_BACK_BY_HAND, failed, false",
        "COMMITTED_BY_HAND, after, true"
    })
    void resolverOfItsDatabaseFindsOutHowBEnded(BranchFault fault, String told, boolean isThere) {
        assertTold(fault, told, isThere);
    }

    /** Nobody can find out how it will end, unless the manager tries again before it gives up, as Atomikos does. */
    @Test
    void whatIsStillPreparedStaysInDoubt() {
        assertTold(
                BranchFault.CUT_BEFORE_COMMIT,
                Coordinator.isNarayana() ? "inDoubt" : "after",
                !Coordinator.isNarayana());
    }

    private void assertTold(BranchFault fault, String told, boolean isThere) {
        Attempt attempt = databases.attempt(fault.name(), () -> {
            if (fault.scope() == BranchFault.Scope.BOTH) {
                databases.store(databases.a(), fault.name());
            }
            databases.store(databases.b(), fault.name());
            fault.troubles().happenIn(databases);
        });

        Verdict b = Verdict.of(
                attempt, "B", databases.b().told().events(), Verdict.owners(databases.b()), databases.late());
        assertThat(databases.both())
                .allSatisfy(side -> assertThat(side.faults().areOver())
                        .as("what was to happen has happened")
                        .isTrue());
        assertThat(b.told() + " " + b.isThere()).as("%s", attempt).isEqualTo(told + " " + isThere);
    }
}
