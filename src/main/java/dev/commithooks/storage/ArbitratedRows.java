package dev.commithooks.storage;

import dev.commithooks.row.ChangedFields;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jooq.Configuration;
import org.jooq.Field;
import org.jooq.InsertValuesStepN;
import org.jooq.Result;
import org.jooq.SelectConditionStep;
import org.jooq.UpdatableRecord;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;

/**
 * PostgreSQL's way: {@code INSERT ... ON CONFLICT (key) DO NOTHING RETURNING}. The key is named as the arbiter, since otherwise any
 * other key's conflict would be swallowed.
 */
final class ArbitratedRows<R extends UpdatableRecord<R>> extends KeyedRows<R> {

    private static final String OBJECT_NOT_IN_PREREQUISITE_STATE = "55000";

    private final boolean areLocked;
    private final Set<List<?>> inserted = new HashSet<>();

    ArbitratedRows(Configuration transaction, CandidateKey<R> key, boolean areLocked) {
        super(transaction, key);
        this.areLocked = areLocked;
    }

    @Override
    Result<R> select(List<R> candidates) {
        SelectConditionStep<R> query = query(candidates);
        return areLocked ? query.forUpdate().fetch() : query.fetch();
    }

    @Override
    boolean isInserted(R candidate, R row) {
        return inserted.remove(Keys.canonical(Node.keyOf(row), row));
    }

    @Override
    Result<R> insert(List<R> candidates) {
        List<R> copies = new ArrayList<>(candidates.size());
        Set<Field<?>> columns = new LinkedHashSet<>(key.fields());
        for (R candidate : candidates) {
            R copy = copyOf(candidate);
            Values.putVersion(copy, configuration);
            copies.add(copy);
            ChangedFields.of(copy).stream().forEach(i -> columns.add(copy.field(i)));
        }
        InsertValuesStepN<R> insert = dsl.insertInto(key.table()).columns(columns);
        for (R copy : copies) {
            List<Object> values = new ArrayList<>(columns.size());
            for (Field<?> column : columns) {
                values.add(copy.changed(column) ? DSL.val(copy.get(column), column) : DSL.defaultValue(column));
            }
            insert = insert.values(values);
        }
        Result<R> rows = inserted(insert);
        rows.forEach(row -> inserted.add(Keys.canonical(Node.keyOf(row), row)));
        return rows;
    }

    private Result<R> inserted(InsertValuesStepN<R> insert) {
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
}
