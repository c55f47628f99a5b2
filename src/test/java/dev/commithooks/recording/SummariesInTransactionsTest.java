package dev.commithooks.recording;

import static dev.commithooks.bookshop.shop.Tables.STOCK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.change.StatementSummary;
import dev.commithooks.change.TableChanges;
import dev.commithooks.change.Updated;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.ChildJvms;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.BucketMode;
import dev.commithooks.policy.OldRows;
import java.util.List;
import java.util.Map;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Summaries of large statements in the life of a transaction; and that they are all that is kept. */
@Database
@Needs(Ability.CAPTURED_STATEMENTS)
class SummariesInTransactionsTest {

    private static final int LIMIT = 10;

    private final TestDatabase database;
    private final SetHooks hooks = new SetHooks();
    private final DSLContext dsl;

    SummariesInTransactionsTest(TestDatabase database) {
        this.database = database;
        this.dsl = SetHooks.summarizing(database, CommitHooks.builder().register(STOCK, hooks), LIMIT);
    }

    @Test
    void rolledBackSavepointTakesItOut() {
        SetHooks.insertSeries(database.dsl(), 1, 20);
        int journal = database.journal().size();

        dsl.transaction(tx -> {
            assertThatThrownBy(() -> tx.dsl().transaction(nested -> {
                        nested.dsl().deleteFrom(STOCK).where(STOCK.ISBN.ne("7")).execute();
                        throw new IllegalStateException("no");
                    }))
                    .hasMessage("no");
            assertThat(hooks.failed())
                    .singleElement()
                    .satisfies(told -> assertThat(told.summaries())
                            .singleElement()
                            .satisfies(summary -> assertThat(summary.deleted()).isEqualTo(19)));
            tx.dsl().insertInto(STOCK).set(STOCK.ISBN, "alone").execute();
        });

        assertThat(hooks.after()).singleElement().satisfies(told -> {
            assertThat(told.inserted()).hasSize(1);
            assertThat(told.summaries()).isEmpty();
        });
        assertThat(database.journal()).hasSize(journal + 1);
    }

    @Test
    void failedHooksHearOfItWhenTheTransactionIsRolledBack() {
        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    SetHooks.insertSeries(tx.dsl(), 1, 20);
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");

        assertThat(hooks.after()).isEmpty();
        assertThat(SetHooks.counted(hooks.failed())).isEqualTo(Map.of("INSERT stock", 20L));
        assertThat(database.journal()).isEmpty();
    }

    @Test
    void beforeHookMayRefuseIt() {
        DSLContext guarded = SetHooks.summarizing(
                database,
                CommitHooks.builder()
                        .register(STOCK, hooks)
                        .on(
                                STOCK,
                                on -> on.beforeCommit((changes, ctx) -> {
                                    assertThat(ctx.changes().tables()).isEqualTo(List.of(STOCK));
                                    for (StatementSummary summary :
                                            ctx.changes().summaries()) {
                                        throw new IllegalStateException("not " + summary.rows() + " rows");
                                    }
                                })),
                LIMIT);

        assertThatThrownBy(() -> guarded.transaction(tx -> SetHooks.insertSeries(tx.dsl(), 1, 20)))
                .hasMessageContaining("not 20 rows");

        assertThat(hooks.failed()).hasSize(1);
        assertThat(database.journal()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"BUCKETED", "NET"})
    void rowIsNotFoldedAcrossIt(BucketMode mode) {
        DSLContext folded = SetHooks.summarizing(
                database, CommitHooks.builder().buckets(mode).register(STOCK, hooks), LIMIT);
        SetHooks.insertSeries(database.dsl(), 1, 20);

        folded.transaction(tx -> {
            tx.dsl()
                    .insertInto(STOCK)
                    .set(STOCK.ISBN, "mine")
                    .set(STOCK.QUANTITY, 1)
                    .execute();
            tx.dsl().update(STOCK).set(STOCK.QUANTITY, 2).execute();
            tx.dsl()
                    .update(STOCK)
                    .set(STOCK.SHELF, "top")
                    .where(STOCK.ISBN.eq("mine"))
                    .execute();
        });

        TableChanges<Record> told = hooks.after().get(0);
        assertThat(told.inserted())
                .singleElement()
                .satisfies(
                        insert -> assertThat(insert.row().get(STOCK.QUANTITY)).isEqualTo(1));
        Updated<Record> update = told.updated().get(0);
        assertThat(update.changedFields()).isEqualTo(List.of(STOCK.SHELF));
        assertThat(update.row().get(STOCK.QUANTITY)).isEqualTo(2);
        assertThat(told.updated()).hasSize(1);
        assertThat(told.summaries())
                .singleElement()
                .satisfies(summary -> assertThat(summary.updated()).isEqualTo(21));
    }

    /** With a limit that most statements exceed. */
    @Test
    void rowsToldAndSummarizedAreTheJournalsWhateverIsWritten() {
        SetHooks told = new SetHooks();
        DSLContext strict = SetHooks.summarizing(
                database, CommitHooks.builder().buckets(BucketMode.EVERY).registerAll(told), 1);
        RandomWrites writes = RandomWrites.to(database, OldRows.FROM_RECORD);
        int operations = Integer.getInteger("commithooks.random.operations", 300) / 2;
        int seen = 0;
        long summaries = 0;
        while (writes.operations() < operations) {
            try {
                strict.transaction(tx -> {
                    writes.some(tx.dsl(), 0);
                    if (writes.chance(0.2)) {
                        throw new RandomWrites.ChangeOfMind();
                    }
                });
            } catch (RandomWrites.ChangeOfMind rolledBack) {
                assertThat(told.after()).isEmpty();
            }
            var journal = database.journal();
            assertThat(SetHooks.counted(told.after()))
                    .as("after %s operations", writes.operations())
                    .isEqualTo(SetHooks.written(journal.subList(seen, journal.size())));
            seen = journal.size();
            summaries += told.after().stream()
                    .mapToLong(set -> set.summaries().size())
                    .sum();
            told.clear();
        }
        assertThat(summaries).isPositive();
    }

    @Test
    void rowsAreNotKept() {
        try (ChildJvms jvms = new ChildJvms()) {
            int rows = Integer.getInteger("commithooks.large.rows", 150_000);

            ChildJvms.Child child = jvms.start(
                    List.of("-Xmx24m"),
                    LargeStatement.class,
                    "" + rows,
                    database.jdbcUrl(),
                    database.user(),
                    database.password());

            assertThat(child.says("told")).isEqualTo("told " + rows);
        }
    }
}
