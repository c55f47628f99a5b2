package dev.commithooks.recording;

import static dev.commithooks.bookshop.shop.Tables.STOCK;
import static dev.commithooks.policy.LargeStatements.SUMMARIZED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.shop.tables.records.StockRecord;
import dev.commithooks.change.Change;
import dev.commithooks.change.StatementSummary;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.hook.HookOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jooq.BatchBindStep;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Statements that write more rows than are recorded one by one, where their summaries are chosen. */
@Database
@Needs(Ability.CAPTURED_STATEMENTS)
class LargeStatementsTest {

    private static final int LIMIT = 10;

    private final TestDatabase database;
    private final SetHooks hooks = new SetHooks();
    private final DSLContext dsl;

    LargeStatementsTest(TestDatabase database) {
        this.database = database;
        this.dsl = SetHooks.summarizing(database, CommitHooks.builder().register(STOCK, hooks), LIMIT);
    }

    private interface Index {
        void update(List<? extends Change<?>> changes);

        void rebuild();
    }

    @Test
    void indexIsRebuiltAfterALargeStatement() {
        List<String> done = new ArrayList<>();
        Index index = new Index() {
            @Override
            public void update(List<? extends Change<?>> changes) {
                done.add("update of " + changes.size());
            }

            @Override
            public void rebuild() {
                done.add("rebuild");
            }
        };
        // region: large-statements
        CommitHooks hooks = CommitHooks.builder()
                .on(
                        STOCK,
                        HookOptions.named("index"),
                        on -> on.afterCommit((changes, ctx) -> {
                            if (changes.summaries().isEmpty()) {
                                index.update(changes.all());
                            } else {
                                index.rebuild(); // a statement wrote too many rows to be told one by one
                            }
                        }))
                .statementLimit(10_000)
                .largeStatements(STOCK, SUMMARIZED)
                .build();
        // endregion
        DSLContext indexed = hooks.attachTo(database.dsl(database.pool(1)));

        indexed.transaction(tx -> SetHooks.insertSeries(tx.dsl(), 1, 20));
        indexed.transaction(tx -> SetHooks.insertSeries(tx.dsl(), 21, 10_021));

        assertThat(done).containsExactly("update of 20", "rebuild");
    }

    private StatementSummary only() {
        assertThat(hooks.after()).singleElement().satisfies(told -> {
            assertThat(told.all()).isEmpty();
            assertThat(told.isEmpty()).isFalse();
        });
        assertThat(hooks.after().get(0).summaries()).hasSize(1);
        return hooks.after().get(0).summaries().get(0);
    }

    private enum Statement {
        INSERT(20, 0, 0) {
            @Override
            int execute(DSLContext dsl) {
                return SetHooks.insertSeries(dsl, 21, 40);
            }
        },
        UPDATE(0, 20, 0) {
            @Override
            int execute(DSLContext dsl) {
                return dsl.update(STOCK)
                        .set(STOCK.QUANTITY, STOCK.QUANTITY.plus(1))
                        .execute();
            }
        },
        UPDATE_RETURNING(0, 20, 0) {
            @Override
            int execute(DSLContext dsl) {
                return dsl.update(STOCK)
                        .set(STOCK.QUANTITY, 7)
                        .returning(STOCK.ISBN)
                        .fetch()
                        .size();
            }
        },
        DELETE(0, 0, 19) {
            @Override
            int execute(DSLContext dsl) {
                return dsl.deleteFrom(STOCK).where(STOCK.ISBN.ne("7")).execute();
            }
        },
        UPSERT(5, 12, 0) {
            @Override
            int execute(DSLContext dsl) {
                return dsl.insertInto(STOCK, STOCK.ISBN, STOCK.QUANTITY)
                        .select(DSL.select(DSL.field("n::text", String.class), DSL.val(5))
                                .from("generate_series(9, 25) as s(n)"))
                        .onDuplicateKeyUpdate()
                        .set(STOCK.QUANTITY, 0)
                        .execute();
            }
        },
        PLAIN_SQL(0, 20, 0) {
            @Override
            int execute(DSLContext dsl) {
                return dsl.execute("update stock set shelf = 'p'");
            }
        };

        private final long inserted;
        private final long updated;
        private final long deleted;

        Statement(long inserted, long updated, long deleted) {
            this.inserted = inserted;
            this.updated = updated;
            this.deleted = deleted;
        }

        abstract int execute(DSLContext dsl);
    }

    @ParameterizedTest
    @EnumSource
    void hooksGetTheNumberOfRows(Statement statement) {
        SetHooks.insertSeries(database.dsl(), 1, 20);
        int journal = database.journal().size();

        int count = dsl.transactionResult(tx -> statement.execute(tx.dsl()));

        StatementSummary summary = only();
        assertThat(summary)
                .isEqualTo(new StatementSummary(
                        STOCK, statement.inserted, statement.updated, statement.deleted, summary.sql()));
        assertThat(summary.rows()).isEqualTo(count);
        assertThat(summary.sql()).contains("stock").doesNotContain("ch_").doesNotContain("ch_new");
        assertThat(SetHooks.counted(hooks.after()))
                .isEqualTo(SetHooks.written(
                        database.journal().subList(journal, database.journal().size())));
        assertThat(hooks.before()).hasToString(hooks.after().toString());
        assertThat(hooks.failed()).isEmpty();
    }

    @Test
    void statementOfAsManyRowsAsTheLimitIsToldRowByRow() {
        dsl.transaction(tx -> SetHooks.insertSeries(tx.dsl(), 1, LIMIT));

        assertThat(hooks.after()).singleElement().satisfies(told -> {
            assertThat(told.inserted()).hasSize(LIMIT);
            assertThat(told.summaries()).isEmpty();
        });
    }

    /** A table with before hooks has a transaction for each statement, one without commits by itself. */
    @ParameterizedTest
    @CsvSource({"true", "false"})
    void outsideATransactionToo(boolean beforeHooks) {
        List<StatementSummary> told = new ArrayList<>();
        DSLContext outside = SetHooks.summarizing(
                database,
                CommitHooks.builder().on(STOCK, on -> {
                    on.afterCommit((changes, ctx) -> told.addAll(changes.summaries()));
                    if (beforeHooks) {
                        on.beforeCommit((changes, ctx) -> told.addAll(changes.summaries()));
                    }
                }),
                LIMIT);

        SetHooks.insertSeries(outside, 1, 30);

        assertThat(told)
                .hasSize(beforeHooks ? 2 : 1)
                .allSatisfy(summary -> assertThat(summary.inserted()).isEqualTo(30));
        assertThat(database.journal()).hasSize(30);
    }

    @Test
    void batchOfStatementsIsSummarizedWhereItWritesMoreThanOneRowForEachOfItsSets() {
        SetHooks.insertSeries(database.dsl(), 1, 40);
        int journal = database.journal().size();

        dsl.transaction(tx -> {
            BatchBindStep few = tx.dsl()
                    .batch(tx.dsl()
                            .update(STOCK)
                            .set(STOCK.SHELF, (String) null)
                            .where(STOCK.ISBN.eq((String) null)));
            for (int i = 1; i <= 30; i++) {
                few.bind("few", "" + i);
            }
            few.execute();
        });
        assertThat(hooks.after())
                .singleElement()
                .satisfies(told -> assertThat(told.updated()).hasSize(30));

        dsl.transaction(tx -> tx.dsl()
                .batch(tx.dsl().update(STOCK).set(STOCK.SHELF, (String) null))
                .bind("many")
                .bind("more")
                .execute());
        assertThat(hooks.after().get(1).summaries())
                .singleElement()
                .satisfies(summary -> assertThat(summary.updated()).isEqualTo(80));
        assertThat(SetHooks.counted(hooks.after()))
                .isEqualTo(SetHooks.written(
                        database.journal().subList(journal, database.journal().size())));
    }

    /** In the second transaction nobody listens to records any more: their batches are statements. */
    @Test
    void recordsOfABatchAreNoLargeStatement() {
        DSLContext strict = CommitHooks.builder()
                .register(STOCK, hooks)
                .statementLimit(LIMIT)
                .build()
                .attachTo(database.dsl(database.pool(1)));
        strict.transaction(tx -> SetHooks.insertSeries(tx.dsl(), 1001, 1002));
        hooks.clear();

        strict.transaction(tx -> tx.dsl().batchInsert(stocks(3 * LIMIT)).execute());

        assertThat(hooks.after())
                .singleElement()
                .satisfies(told -> assertThat(told.inserted()).hasSize(3 * LIMIT));
    }

    private static List<StockRecord> stocks(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new StockRecord("r" + i, i, null))
                .toList();
    }
}
