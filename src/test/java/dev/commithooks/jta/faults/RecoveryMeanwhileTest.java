package dev.commithooks.jta.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.OnNarayana;
import dev.commithooks.jta.LateOutcome;
import dev.commithooks.jta.faults.TwoDatabases.Attempt;
import dev.commithooks.transaction.Outcome;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Recovery that is at work while transactions end. */
@NeedsRealCommits("two phases")
@OnNarayana // Atomikos tries COMMIT PREPARED again before recovery can find it
class RecoveryMeanwhileTest {

    private final TwoDatabases databases = new TwoDatabases();

    @AfterEach
    void close() {
        databases.close();
    }

    /** It is missing in the list, which is older: that does not mean that somebody has ended it by hand. */
    @Test
    void branchThatIsPreparedSinceTheScanIsNotTakenForOneThatIsGone() {
        List<Attempt> attempts = new ArrayList<>();
        databases.b().faults().at(Moment.AFTER_SCAN, (connection, none) -> {
            attempts.add(databases.attempt("ann", () -> {
                databases.store(databases.a(), "ann");
                databases.store(databases.b(), "ann");
                databases.b().sessionEnds(Moment.BEFORE_COMMIT);
            }));
        });

        databases.recover();
        databases.recover();

        assertThat(attempts).hasSize(1);
        assertThat(databases.a().told().events()).containsExactly("before INSERT ann", "after INSERT ann");
        assertThat(databases.b().told().events()).containsExactly("before INSERT ann", "inDoubt INSERT ann");
        assertThat(databases.late()).extracting(LateOutcome::outcome).containsExactly(Outcome.COMMITTED);
        assertThat(databases.b().owners()).containsExactly("ann");
    }
}
