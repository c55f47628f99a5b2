package dev.commithooks.storage;

import dev.commithooks.storage.Resolved.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jooq.Configuration;
import org.jooq.Result;
import org.jooq.UpdatableRecord;
import org.jooq.exception.DataChangedException;
import org.jspecify.annotations.Nullable;

/**
 * The search for rows by a unique key, and the insertion of those that are missing.
 *
 * <p>Selects first: most calls find, and an INSERT that inserts nothing uses up a sequence's value all the same. Whatever is
 * missing then is inserted. Who loses the race does not insert, and selects again.
 */
final class FindOrCreate<R extends UpdatableRecord<R>> {

    private static final int ROUNDS = 10;
    private static final int ROWS_A_STATEMENT = 1_000;

    private final CandidateKey<R> key;
    private final KeyedRows<R> rows;
    private final @Nullable Consumer<? super R> change;

    /** @param change what is done to a row that was found; null for nothing */
    FindOrCreate(Configuration transaction, CandidateKey<R> key, @Nullable Consumer<? super R> change) {
        this.key = key;
        this.rows = KeyedRows.of(transaction, key, change != null);
        this.change = change;
    }

    List<Resolved<R>> resolve(List<R> candidates) {
        List<Resolved<R>> resolved = new ArrayList<>(candidates.size());
        for (int from = 0; from < candidates.size(); from += ROWS_A_STATEMENT) {
            resolved.addAll(
                    resolveChunk(candidates.subList(from, Math.min(candidates.size(), from + ROWS_A_STATEMENT))));
        }
        return resolved;
    }

    private List<Resolved<R>> resolveChunk(List<R> candidates) {
        Missing<R> missing = new Missing<>(key, candidates);
        for (int round = 1; !missing.isEmpty(); round++) {
            find(missing);
            if (!missing.isEmpty()) {
                if (round == ROUNDS) {
                    throw unresolvable(missing);
                }
                create(missing);
            }
        }
        return missing.resolved();
    }

    private void find(Missing<R> missing) {
        if (take(missing, rows.select(missing.distinct())) && !rows.areContested()) {
            return;
        }
        // The database calls values equal that Java does not: let it say whose each row is.
        for (R candidate : missing.distinct()) {
            for (R row : rows.select(List.of(candidate))) {
                missing.resolve(candidate, row, originOf(candidate, row));
            }
        }
    }

    /** Whether each row that was read has found a candidate. */
    private boolean take(Missing<R> missing, Result<R> found) {
        boolean all = true;
        for (R row : found) {
            R candidate = missing.like(row);
            if (candidate == null) {
                all = false;
            } else {
                missing.resolve(candidate, row, originOf(candidate, row));
            }
        }
        return all;
    }

    private Origin originOf(R candidate, R row) {
        if (rows.isInserted(candidate, row)) {
            return Origin.CREATED;
        }
        if (change == null) {
            return Origin.FOUND;
        }
        change.accept(row);
        if (!row.changed()) {
            return Origin.FOUND;
        }
        if (row.store() == 0) {
            throw new DataChangedException(
                    Node.nameOf(row) + " was not updated: a trigger or row security kept it from being"
                            + " changed; the transaction IS rolled back.");
        }
        return Origin.UPDATED;
    }

    private void create(Missing<R> missing) {
        List<R> candidates = missing.distinct();
        candidates.sort(Keys.order(key.fields()));
        take(missing, rows.insert(candidates));
    }

    private IllegalStateException unresolvable(Missing<R> missing) {
        return new IllegalStateException(missing.size() + " of the candidates are neither found by " + key
                + " nor can they be inserted, after " + ROUNDS
                + " rounds; the transaction IS rolled back. A trigger swallows the"
                + " row or changes its key, row security hides it, or others delete it all the time.");
    }
}
