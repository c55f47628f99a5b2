package dev.commithooks.engine.scope;

import static dev.commithooks.bookshop.shop.Tables.STOCK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.change.StatementSummary;
import dev.commithooks.engine.log.Effect;
import dev.commithooks.engine.log.LogItem;
import dev.commithooks.engine.log.Summary;
import dev.commithooks.engine.registry.HookMethod;
import dev.commithooks.engine.registry.HookedTable;
import dev.commithooks.engine.registry.Registration;
import dev.commithooks.engine.registry.Registry;
import dev.commithooks.engine.registry.RowPolicies;
import dev.commithooks.hook.HookOptions;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What a transaction's log has besides rows: statements that nobody can tell of, summaries, and savepoints that lose their names. */
class LogOfScopeTest {

    private static final HookedTable TABLE = Objects.requireNonNull(new Registry(
                    List.of(Registration.of(STOCK, HookMethod.AFTER_SET, (rows, ctx) -> {}, HookOptions.defaults())),
                    RowPolicies.defaults())
            .find(STOCK));

    private static final StatementSummary STATEMENT = new StatementSummary(STOCK, 0, 7, 0, "update stock");

    private final TransactionScope scope = new TransactionScope(ScopeInfo.next(null, 1, Instant.EPOCH), false);

    @Test
    void rowsOfWhichNobodyCanTellAreRemembered() {
        Throwable cause = new IllegalStateException("half of a batch");
        assertThat(scope.untoldRows()).isNull();

        scope.mayHaveWritten(cause);

        assertThat(scope.untoldRows()).isSameAs(cause);
        assertThat(scope.hasWritten()).isTrue();
        assertThat(scope.size()).isEqualTo(1);
    }

    @Test
    void rowsOfWhichNobodyCanTellGoWithTheirSavepoint() {
        scope.savepointSet("s", false, "s");
        scope.mayHaveWritten(new IllegalStateException("half of a batch"));

        scope.savepointRolledBack("s");

        assertThat(scope.untoldRows()).isNull();
    }

    @Test
    void savepointThatIsReplacedIsFoundNoMoreAndItsPartIsKept() {
        scope.savepointSet("s", false, "the first");
        Summary first = summary();
        scope.savepointReplaced("s");
        assertThat(scope.isSet("s")).isFalse();
        scope.savepointReplaced("unheard of");
        scope.savepointSet("s", false, "the second");
        Summary second = summary();

        List<LogItem> undone = scope.savepointRolledBack("s");

        assertThat(undone).contains(second).doesNotContain(first);
        assertThat(scope.log()).contains(first).doesNotContain(second);
    }

    @Test
    void onlyTheReplacedOneLosesItsName() {
        scope.savepointSet("a", false, "a");
        scope.savepointSet("b", false, "b");

        scope.savepointReplaced("a");

        assertThat(scope.isSet("a")).isFalse();
        assertThat(scope.isSet("b")).isTrue();
    }

    @Test
    void summaryReachesThoseWhoTakeSets() {
        summary();
        Summary second = summary();

        assertThat(second.position()).isEqualTo(1);
        assertThat(second.hookedTable()).isSameAs(TABLE);
        assertThat(second.tableName()).isEqualTo("public.stock");
        assertThat(second.reaches(HookMethod.AFTER_SET)).isTrue();
        assertThat(second.reaches(HookMethod.AFTER_INSERT)).isFalse();
        assertThat(second).hasToString("7 rows of public.stock were updated by update stock");
    }

    @Test
    void summariesAreNoChanges() {
        Summary first = summary();
        Summary second = summary();

        assertThat(Effect.summaries(List.of(first, second))).containsExactly(STATEMENT, STATEMENT);
        assertThat(Effect.changes(List.of(first, second), null)).isEmpty();
        assertThat(Effect.summaries(List.of())).isEmpty();
    }

    private Summary summary() {
        Summary summary = new Summary(TABLE, "public.stock", STATEMENT);
        scope.written(summary);
        return summary;
    }
}
