package dev.commithooks.recording;

import static dev.commithooks.bookshop.shop.Tables.STOCK;

import dev.commithooks.CommitHooksBuilder;
import dev.commithooks.change.ChangeType;
import dev.commithooks.change.StatementSummary;
import dev.commithooks.change.TableChanges;
import dev.commithooks.fixture.JournalEntry;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.hook.AfterCommitHooks;
import dev.commithooks.hook.BeforeCommitHooks;
import dev.commithooks.hook.FailedCommitHooks;
import dev.commithooks.hook.HookContext;
import dev.commithooks.policy.LargeStatements;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.impl.DSL;

/** Hooks that take a table's changes, and remember them. */
final class SetHooks implements BeforeCommitHooks<Record>, AfterCommitHooks<Record>, FailedCommitHooks<Record> {

    private final List<TableChanges<Record>> before = new ArrayList<>();
    private final List<TableChanges<Record>> after = new ArrayList<>();
    private final List<TableChanges<Record>> failed = new ArrayList<>();

    @Override
    public void beforeCommit(TableChanges<Record> changes, HookContext ctx) {
        before.add(changes);
    }

    @Override
    public void afterCommit(TableChanges<Record> changes, HookContext ctx) {
        after.add(changes);
    }

    @Override
    public void failedCommit(TableChanges<Record> changes, HookContext ctx) {
        failed.add(changes);
    }

    List<TableChanges<Record>> before() {
        return before;
    }

    List<TableChanges<Record>> after() {
        return after;
    }

    List<TableChanges<Record>> failed() {
        return failed;
    }

    void clear() {
        before.clear();
        after.clear();
        failed.clear();
    }

    /** Hooks on a database whose statements of more rows than this are summarized. */
    static DSLContext summarizing(TestDatabase database, CommitHooksBuilder builder, int limit) {
        return builder.statementLimit(limit)
                .largeStatements(LargeStatements.SUMMARIZED)
                .build()
                .attachTo(database.dsl(database.pool(1)));
    }

    /** Inserts rows of these numbers by one statement. */
    static int insertSeries(DSLContext dsl, int from, int to) {
        return dsl.insertInto(STOCK, STOCK.ISBN, STOCK.QUANTITY)
                .select(DSL.select(DSL.field("n::text", String.class), DSL.val(5))
                        .from("generate_series(" + from + ", " + to + ") as s(n)"))
                .execute();
    }

    /** The rows that were told, by table and kind, one by one or summarized. */
    static Map<String, Long> counted(List<TableChanges<Record>> told) {
        Map<String, Long> counts = new TreeMap<>();
        for (TableChanges<Record> changes : told) {
            changes.all()
                    .forEach(change ->
                            add(counts, change.type() + " " + changes.table().getName(), 1));
            for (StatementSummary summary : changes.summaries()) {
                for (ChangeType type : ChangeType.values()) {
                    add(counts, type + " " + changes.table().getName(), summary.rows(type));
                }
            }
        }
        return counts;
    }

    /** The rows that were written, in the same words. */
    static Map<String, Long> written(List<JournalEntry> journal) {
        Map<String, Long> counts = new TreeMap<>();
        journal.forEach(entry -> add(counts, entry.operation() + " " + entry.table(), 1));
        return counts;
    }

    private static void add(Map<String, Long> counts, String what, long count) {
        if (count > 0) {
            counts.merge(what, count, Long::sum);
        }
    }
}
