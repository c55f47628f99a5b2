package dev.commithooks.engine.dialect;

import java.sql.Connection;
import java.sql.SQLException;
import org.jooq.Record;
import org.jooq.Select;
import org.jooq.SelectForUpdateStep;

/**
 * A database that does not keep a transaction as aborted: a failed statement undoes itself alone and leaves the transaction fit to go
 * on, or takes all of it along, and the next statement begins another one without a word.
 */
abstract sealed class Rebeginning extends Dialect permits MySql, H2, Sqlite, Unproven {

    Rebeginning() {
        super(false);
    }

    /** What a failure did was found out when it came. */
    @Override
    public final TransactionStatus probe(Connection connection) {
        return TransactionStatus.UNKNOWN;
    }

    @Override
    public <R extends Record> Select<R> locked(SelectForUpdateStep<R> query, boolean keysChange) {
        return query.forUpdate();
    }

    /** The database's own name, as its users call it. */
    abstract String name();

    final String deferrableRefusal() {
        return "deferrable() is PostgreSQL's alone, and this is " + name();
    }

    static boolean isOfClass(SQLException failure, String sqlStateClass) {
        String state = failure.getSQLState();
        return state != null && state.startsWith(sqlStateClass);
    }
}
