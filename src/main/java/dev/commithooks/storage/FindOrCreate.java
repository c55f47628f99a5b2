package dev.commithooks.storage;

import dev.commithooks.row.ChangedFields;
import dev.commithooks.storage.Resolved.Origin;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.InsertValuesStepN;
import org.jooq.Result;
import org.jooq.SQLDialect;
import org.jooq.SelectConditionStep;
import org.jooq.UpdatableRecord;
import org.jooq.exception.DataAccessException;
import org.jooq.exception.DataChangedException;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/**
 * The search for rows by a unique key, and the insertion of those that are missing.
 *
 * <p>Selects first: most calls find, and an INSERT ... ON CONFLICT DO NOTHING that inserts nothing uses up a sequence's value all
 * the same. Whatever is missing then is inserted with the key named as the arbiter, since otherwise any other key's conflict would
 * be swallowed. Who loses the race gets nothing back from that, and selects again.
 */
final class FindOrCreate<R extends UpdatableRecord<R>> {

    private static final int ROUNDS = 10;
    private static final int ROWS_A_STATEMENT = 1_000;
    private static final String OBJECT_NOT_IN_PREREQUISITE_STATE = "55000";

    private final Configuration configuration;
    private final DSLContext dsl;
    private final CandidateKey<R> key;
    private final @Nullable Consumer<? super R> change;
    private final Set<List<?>> created = new HashSet<>();

    /** @param change what is done to a row that was found; null for nothing */
    FindOrCreate(Configuration transaction, CandidateKey<R> key, @Nullable Consumer<? super R> change) {
        this.configuration = transaction;
        this.dsl = transaction.dsl();
        this.key = key;
        this.change = change;
        if (transaction.family() != SQLDialect.POSTGRES) {
            throw new UnsupportedOperationException("Find-or-create is known to be exact on PostgreSQL only, not on "
                    + transaction.family() + "; nothing was sent. Select and insert in a transaction of yours.");
        }
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
        for (int round = 1; ; round++) {
            find(missing);
            if (missing.isEmpty()) {
                return missing.resolved();
            }
            if (round == ROUNDS) {
                throw unresolvable(missing);
            }
            create(missing);
        }
    }

    private void find(Missing<R> missing) {
        if (missing.isEmpty() || take(missing, select(missing.distinct()))) {
            return;
        }
        // The database calls values equal that Java does not: let it say whose each row is.
        for (R candidate : missing.distinct()) {
            for (R row : select(List.of(candidate))) {
                missing.resolve(candidate, row, originOf(row));
            }
        }
    }

    private Result<R> select(List<R> candidates) {
        SelectConditionStep<R> select = dsl.selectFrom(key.table()).where(Keys.anyOf(key.fields(), candidates));
        return change == null ? select.fetch() : select.forUpdate().fetch();
    }

    /** Whether each row that was read has found a candidate. */
    private boolean take(Missing<R> missing, Result<R> rows) {
        boolean all = true;
        for (R row : rows) {
            R candidate = missing.like(row);
            if (candidate == null) {
                all = false;
            } else {
                missing.resolve(candidate, row, originOf(row));
            }
        }
        return all;
    }

    private Origin originOf(R row) {
        if (created.remove(Keys.canonical(Node.keyOf(row), row))) {
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
        for (R row : insert(candidates)) {
            created.add(Keys.canonical(Node.keyOf(row), row));
            R candidate = missing.like(row);
            if (candidate != null) {
                missing.resolve(candidate, row, originOf(row));
            }
        }
    }

    private Result<R> insert(List<R> candidates) {
        List<R> copies = new ArrayList<>(candidates.size());
        Set<Field<?>> columns = new LinkedHashSet<>(key.fields());
        for (R candidate : candidates) {
            R copy = Values.copyOf(candidate);
            Values.putVersion(copy, configuration);
            copies.add(copy);
            ChangedFields.of(copy).stream().forEach(i -> columns.add(copy.field(i)));
        }
        InsertValuesStepN<R> insert = dsl.insertInto(key.table()).columns(columns);
        for (R copy : copies) {
            List<Object> values = new ArrayList<>(columns.size());
            for (Field<?> column : columns) {
                boolean given = copy.changed(column) || key.fields().contains(column);
                values.add(given ? DSL.val(copy.get(column), column) : DSL.defaultValue(column));
            }
            insert = insert.values(values);
        }
        try {
            return insert.onConflict(key.fields()).doNothing().returning().fetch();
        } catch (DataAccessException failure) {
            throw OBJECT_NOT_IN_PREREQUISITE_STATE.equals(failure.sqlState()) ? deferrable(failure) : failure;
        }
    }

    private IllegalArgumentException deferrable(DataAccessException failure) {
        return new IllegalArgumentException(
                key
                        + " is deferrable, and PostgreSQL takes no such key to decide a conflict; the transaction IS rolled back."
                        + " Take another unique key, or make it NOT DEFERRABLE.",
                failure);
    }

    private IllegalStateException unresolvable(Missing<R> missing) {
        return new IllegalStateException(missing.size() + " of the candidates are neither found by " + key
                + " nor can they be inserted, after " + ROUNDS
                + " rounds; the transaction IS rolled back. A trigger swallows the"
                + " row or changes its key, row security hides it, or others delete it all the time.");
    }
}
