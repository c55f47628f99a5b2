package dev.commithooks.jta.faults;

import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.XAConnection;
import javax.transaction.xa.XAException;
import javax.transaction.xa.Xid;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.ds.common.BaseDataSource;

/** What is to go wrong on one database, each once: at a moment, on the connection of the branch. Thread-safe. */
final class Faults {

    /** What happens to the branch. */
    @FunctionalInterface
    interface Fault {

        /** Whether it is this branch that it is meant for. */
        default boolean concerns(Xid branch) {
            return true;
        }

        void strike(XAConnection connection, Xid branch) throws XAException, SQLException;
    }

    private static final Map<String, Faults> BY_PLACE = new ConcurrentHashMap<>();

    private final Map<Moment, Fault> armed = new ConcurrentHashMap<>();

    /** The faults on the database behind the URL: pools make their data sources themselves, and give them little more. */
    static Faults of(String url) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setURL(url);
        return of(dataSource);
    }

    static Faults of(BaseDataSource dataSource) {
        String place = dataSource.getPortNumbers()[0] + "/" + dataSource.getDatabaseName();
        return BY_PLACE.computeIfAbsent(place, unused -> new Faults());
    }

    void at(Moment moment, Fault fault) {
        armed.put(moment, fault);
    }

    /** Whether everything that was to happen has happened. */
    boolean areOver() {
        return armed.isEmpty();
    }

    void clear() {
        armed.clear();
    }

    void reach(Moment moment, XAConnection connection, Xid branch) throws XAException {
        Fault fault = armed.get(moment);
        if (fault == null || !fault.concerns(branch) || !armed.remove(moment, fault)) {
            return;
        }
        try {
            fault.strike(connection, branch);
        } catch (SQLException e) {
            throw new IllegalStateException("the test's fault did not work", e);
        }
    }
}
