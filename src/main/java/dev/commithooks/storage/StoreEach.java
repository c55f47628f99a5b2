package dev.commithooks.storage;

import dev.commithooks.Transactions;
import dev.commithooks.policy.RetryPolicy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jooq.Configuration;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;

/** Items stored in chunks, each in a savepoint; a chunk that fails is halved until the culprits are found. */
final class StoreEach<T> {

    private static final int CHUNK = 500;

    private final BiConsumer<Configuration, Nodes> nested;
    private final Function<? super T, ? extends RecordGraph<?>> graphOf;

    /**
     * @param nested stores records in a savepoint of the transaction
     * @param graphOf makes an item's graph
     */
    StoreEach(BiConsumer<Configuration, Nodes> nested, Function<? super T, ? extends RecordGraph<?>> graphOf) {
        this.nested = nested;
        this.graphOf = graphOf;
    }

    /** An item with its place in the result. */
    private record Entry(int place, Nodes nodes) {}

    List<StoreResult<T>> store(List<T> items, Transactions joined) {
        return joined.call(tx -> {
            @Nullable Exception[] failures = new Exception[items.size()];
            List<Entry> entries = graphsOf(items, failures);
            for (int from = 0; from < entries.size(); from += CHUNK) {
                store(tx, entries.subList(from, Math.min(entries.size(), from + CHUNK)), failures);
            }
            List<StoreResult<T>> results = new ArrayList<>(items.size());
            for (int i = 0; i < failures.length; i++) {
                results.add(new StoreResult<>(items.get(i), Optional.ofNullable(failures[i])));
            }
            return Collections.unmodifiableList(results);
        });
    }

    private List<Entry> graphsOf(List<T> items, @Nullable Exception[] failures) {
        List<Entry> entries = new ArrayList<>(items.size());
        for (int i = 0; i < items.size(); i++) {
            try {
                entries.add(new Entry(i, graphOf.apply(items.get(i)).nodes()));
            } catch (RuntimeException noGraph) {
                failures[i] = noGraph;
            }
        }
        return entries;
    }

    private void store(Configuration tx, List<Entry> entries, @Nullable Exception[] failures) {
        try {
            nested.accept(tx, together(entries));
        } catch (RuntimeException failure) {
            if (isOfTheWhole(failure)) {
                throw failure;
            }
            if (entries.size() == 1) {
                failures[entries.get(0).place()] = failure;
            } else {
                int half = entries.size() / 2;
                store(tx, entries.subList(0, half), failures);
                store(tx, entries.subList(half, entries.size()), failures);
            }
        }
    }

    private static Nodes together(List<Entry> entries) {
        Nodes all = new Nodes();
        entries.forEach(entry -> all.addAll(entry.nodes()));
        return all;
    }

    /** Whether no item is to blame: halving would ask the same question again and again. */
    private static boolean isOfTheWhole(RuntimeException failure) {
        if (RetryPolicy.isTransient(failure)) {
            return true;
        }
        String state = failure instanceof DataAccessException ofTheDatabase ? ofTheDatabase.sqlState() : "";
        return state.startsWith("08") || state.startsWith("57") || state.startsWith("25");
    }
}
