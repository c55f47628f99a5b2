package dev.commithooks.storage;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jooq.Configuration;
import org.jooq.Result;
import org.jooq.SQLDialect;
import org.jooq.UniqueKey;
import org.jooq.UpdatableRecord;
import org.jooq.exception.DataAccessException;
import org.jooq.exception.SQLStateClass;
import org.jooq.impl.DSL;

/**
 * The way of databases that cannot be told which key's conflict is to be let pass: each candidate is inserted by itself, and whoever
 * meets a duplicate looks again. A failed INSERT leaves the transaction as it was there. Who meets a duplicate twice, and finds
 * nothing in between, has met another key's.
 */
final class ContestedRows<R extends UpdatableRecord<R>> extends KeyedRows<R> {

    private static final String SERIALIZATION_FAILURE = "40001";

    private final boolean areLocked;
    private final boolean isMySql;
    private final Map<R, DataAccessException> lost = new IdentityHashMap<>();
    private final Set<R> inserted = Collections.newSetFromMap(new IdentityHashMap<>());

    ContestedRows(Configuration transaction, CandidateKey<R> key, boolean areLocked) {
        super(transaction, key);
        this.areLocked = areLocked && transaction.family() != SQLDialect.SQLITE; // who writes there is alone anyway
        this.isMySql = transaction.family() == SQLDialect.MYSQL || transaction.family() == SQLDialect.MARIADB;
    }

    @Override
    Result<R> select(List<R> candidates) {
        if (isMySql && lost.isEmpty()) {
            // To lock what is not there would lock the gap, and two who do so and insert lock each other up.
            Result<R> rows = query(candidates).fetch();
            return rows.isEmpty() || !areLocked
                    ? rows
                    : query(candidates).forUpdate().fetch();
        }
        if (areLocked) {
            return query(candidates).forUpdate().fetch();
        }
        // Another's row, committed since, is not in the snapshot of a plain read there.
        return isMySql
                ? query(candidates).option("lock in share mode").fetch()
                : query(candidates).fetch();
    }

    @Override
    boolean areContested() {
        return !lost.isEmpty();
    }

    @Override
    boolean isInserted(R candidate, R row) {
        return inserted.remove(candidate);
    }

    @Override
    Result<R> insert(List<R> candidates) {
        for (R candidate : candidates) {
            R copy = copyOf(candidate);
            copy.attach(configuration);
            try {
                copy.insert();
                inserted.add(candidate);
            } catch (DataAccessException failure) {
                if (failure.sqlStateClass() != SQLStateClass.C23_INTEGRITY_CONSTRAINT_VIOLATION) {
                    throw failure;
                }
                if (lost.put(candidate, failure) != null) {
                    throw isHidden(copy) ? hidden(failure) : failure;
                }
            }
        }
        return DSL.using(configuration).newResult(key.table());
    }

    /** Whether a duplicate may be one that the transaction's snapshot does not show; not if it shows one of another key. */
    private boolean isHidden(R copy) {
        return hasSnapshot()
                && key.table().getKeys().stream()
                        .map(UniqueKey::getFields)
                        .filter(fields -> fields.stream().allMatch(field -> copy.get(field) != null))
                        .noneMatch(fields -> dsl.fetchExists(key.table(), Keys.equal(fields, copy)));
    }

    private boolean hasSnapshot() {
        return configuration.family() == SQLDialect.H2
                && dsl.connectionResult(Connection::getTransactionIsolation) >= Connection.TRANSACTION_REPEATABLE_READ;
    }

    private DataAccessException hidden(DataAccessException duplicate) {
        String message =
                key + " has a row that another transaction has committed since this one began, and that its isolation"
                        + " level does not show; the transaction IS rolled back. Retry it.";
        return new DataAccessException(message, new SQLException(message, SERIALIZATION_FAILURE, duplicate));
    }
}
