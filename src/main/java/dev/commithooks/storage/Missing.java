package dev.commithooks.storage;

import dev.commithooks.storage.Resolved.Origin;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jooq.UpdatableRecord;
import org.jspecify.annotations.Nullable;

/** The candidates that have no row yet, those with equal keys together, and the rows of the others. */
final class Missing<R extends UpdatableRecord<R>> {

    private final CandidateKey<R> key;
    private final Map<List<?>, Wanted<R>> wanted = new LinkedHashMap<>();
    private final List<@Nullable Resolved<R>> resolved;

    /**
     * Candidates with the same key.
     *
     * @param first the one that is inserted if there is no row
     * @param places where all of them stand
     */
    private record Wanted<R>(R first, List<Integer> places) {}

    Missing(CandidateKey<R> key, List<R> candidates) {
        this.key = key;
        this.resolved = new ArrayList<>(Collections.nCopies(candidates.size(), null));
        for (int i = 0; i < candidates.size(); i++) {
            R candidate = candidates.get(i);
            wanted.computeIfAbsent(
                            Keys.canonical(key.fields(), candidate),
                            values -> new Wanted<>(candidate, new ArrayList<>(1)))
                    .places()
                    .add(i);
        }
    }

    boolean isEmpty() {
        return wanted.isEmpty();
    }

    int size() {
        return wanted.size();
    }

    /** One candidate for each key. */
    List<R> distinct() {
        List<R> distinct = new ArrayList<>(wanted.size());
        wanted.values().forEach(one -> distinct.add(one.first()));
        return distinct;
    }

    /** The candidate with the key of a row; null where Java knows of none. */
    @Nullable
    R like(R row) {
        Wanted<R> one = wanted.get(Keys.canonical(key.fields(), row));
        return one == null ? null : one.first();
    }

    /** Gives a row to a candidate, and to all with the same key; the first of these has the origin. */
    void resolve(R candidate, R row, Origin origin) {
        Wanted<R> one = Objects.requireNonNull(wanted.remove(Keys.canonical(key.fields(), candidate)));
        Origin each = origin;
        for (int place : one.places()) {
            resolved.set(place, new Resolved<>(row, each));
            each = Origin.FOUND;
        }
    }

    List<Resolved<R>> resolved() {
        List<Resolved<R>> all = new ArrayList<>(resolved.size());
        for (Resolved<R> one : resolved) {
            all.add(Objects.requireNonNull(one));
        }
        return all;
    }
}
