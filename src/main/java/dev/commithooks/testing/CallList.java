package dev.commithooks.testing;

import dev.commithooks.change.Change;
import dev.commithooks.change.StatementSummary;
import dev.commithooks.change.TableChanges;
import dev.commithooks.spi.HookObserver.HookCall;
import dev.commithooks.spi.HookObserver.Phase;
import dev.commithooks.transaction.TransactionInfo;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jooq.Record;
import org.jooq.Table;

/** Calls of hooks and callbacks in their order: what a journal is made of. Thread-safe. */
final class CallList {

    private final List<HookCall> calls = new ArrayList<>();
    /** What calls have thrown. Calls are records, and two may be equal. */
    private final Map<HookCall, Throwable> failures = new IdentityHashMap<>();

    synchronized void add(HookCall call) {
        calls.add(call);
    }

    synchronized void failed(HookCall call, Throwable failure) {
        failures.put(call, failure);
    }

    synchronized void clear() {
        calls.clear();
        failures.clear();
    }

    synchronized List<HookJournal.Call> calls() {
        return calls.stream()
                .map(call -> new HookJournal.Call(call, Optional.ofNullable(failures.get(call))))
                .toList();
    }

    /** A table's changes that hooks of a phase were called for. Each hook is given a change of its own, and those are equal. */
    @SuppressWarnings("unchecked") // changes of the table are of the table's record type
    synchronized <R extends Record> TableChanges<R> changes(Phase phase, Table<R> table) {
        Set<Change<R>> changes = new LinkedHashSet<>();
        Set<StatementSummary> summaries = new LinkedHashSet<>();
        for (HookCall call : calls) {
            if (call.phase() == phase && call.table().equals(Optional.of(table))) {
                call.changes().forEach(change -> changes.add((Change<R>) change));
                summaries.addAll(call.summaries());
            }
        }
        return TableChanges.of(table, List.copyOf(changes), List.copyOf(summaries));
    }

    /** The calls, one a line, below the transactions they belong to. */
    @Override
    public String toString() {
        StringBuilder dump = new StringBuilder();
        String heading = "";
        for (HookJournal.Call call : calls()) {
            String next = heading(call.transaction());
            if (!next.equals(heading)) {
                heading = next;
                dump.append(heading).append('\n');
            }
            dump.append("  ").append(call).append('\n');
        }
        return dump.toString();
    }

    private static String heading(TransactionInfo transaction) {
        return "transaction " + transaction.id()
                + transaction.name().map(name -> " '" + name + "'").orElse("")
                + (transaction.attempt() == 1 ? "" : ", attempt " + transaction.attempt());
    }
}
