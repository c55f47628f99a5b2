package dev.commithooks.storage;

import java.util.List;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.Result;
import org.jooq.SelectConditionStep;
import org.jooq.UpdatableRecord;

/** Rows of a unique key, read and inserted in the way that is exact on the database at hand. */
abstract class KeyedRows<R extends UpdatableRecord<R>> {

    final Configuration configuration;
    final DSLContext dsl;
    final CandidateKey<R> key;

    KeyedRows(Configuration transaction, CandidateKey<R> key) {
        this.configuration = transaction;
        this.dsl = transaction.dsl();
        this.key = key;
    }

    /**
     * The way of the transaction's database.
     *
     * @param areLocked whether rows that are read are to be locked, since they will be changed
     * @throws UnsupportedOperationException when none is known
     */
    static <R extends UpdatableRecord<R>> KeyedRows<R> of(
            Configuration transaction, CandidateKey<R> key, boolean areLocked) {
        return switch (transaction.family()) {
            case POSTGRES -> new ArbitratedRows<>(transaction, key, areLocked);
            case H2, SQLITE, MARIADB, MYSQL -> new ContestedRows<>(transaction, key, areLocked);
            default ->
                throw new UnsupportedOperationException(
                        "Find-or-create is known to be exact on PostgreSQL, MySQL, MariaDB,"
                                + " SQLite and H2, not on " + transaction.family()
                                + "; nothing was sent. Select and insert in a transaction of yours.");
        };
    }

    /** The rows that are there. */
    abstract Result<R> select(List<R> candidates);

    /**
     * Inserts the candidates of which there is no row.
     *
     * @return rows that were inserted, as the database has them; those that it does not show are to be selected
     */
    abstract Result<R> insert(List<R> candidates);

    /** Whether a candidate's row was inserted here; asked once. */
    abstract boolean isInserted(R candidate, R row);

    /** Whether a duplicate was met, by which key ever, so that each candidate that is still missing is to be looked for by itself. */
    boolean areContested() {
        return false;
    }

    SelectConditionStep<R> query(List<R> candidates) {
        return dsl.selectFrom(key.table()).where(Keys.anyOf(key.fields(), candidates));
    }

    /** What is inserted for a candidate, which stays as it is. */
    R copyOf(R candidate) {
        R copy = Values.copyOf(candidate);
        key.fields().forEach(field -> Values.put(copy, field, candidate.get(field)));
        return copy;
    }
}
