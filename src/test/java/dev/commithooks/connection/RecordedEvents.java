package dev.commithooks.connection;

import dev.commithooks.engine.connection.ConnectionEvents;
import dev.commithooks.engine.dialect.Dialect;
import dev.commithooks.engine.sql.TransactionControl;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import org.jooq.SQLDialect;
import org.jspecify.annotations.Nullable;

/** Notes what it is told; can be made to veto a commit and to deal with failed clean-ups. */
final class RecordedEvents implements ConnectionEvents {

    final List<String> events = new ArrayList<>();
    final List<Throwable> failures = new ArrayList<>();
    /** Whether the transaction has written, as its owner would know. */
    boolean wrote = true;

    int idle;
    boolean dealsWithCleanUp = true;

    @Nullable
    SQLException veto;

    @Override
    public Dialect dialect() {
        return Dialect.of(SQLDialect.POSTGRES);
    }

    @Override
    public void lost(Throwable failure) {
        events.add("lost");
    }

    @Override
    public boolean hearsOfTheEnd() {
        return true;
    }

    @Override
    public void committing() throws SQLException {
        events.add("committing");
        if (veto != null) {
            throw veto;
        }
    }

    @Override
    public void committed() {
        events.add("committed");
    }

    @Override
    public void commitFailed(Throwable failure, boolean isRolledBack) {
        events.add("commitFailed");
        failures.add(failure);
    }

    @Override
    public void rolledBack() {
        events.add("rolledBack");
    }

    @Override
    public void autoCommitSwitchedOn() {
        events.add("autoCommitSwitchedOn");
    }

    @Override
    public void executed(TransactionControl control) {
        events.add("executed " + control.kind());
    }

    /** Not noted: each transaction begins idle. */
    @Override
    public boolean hasWritten() {
        return wrote;
    }

    @Override
    public void foundIdle() {
        idle++;
    }

    @Override
    public void savepointSet(Object savepoint) {
        events.add("set " + name(savepoint));
    }

    @Override
    public void savepointReleased(Object savepoint) {
        events.add("released " + name(savepoint));
    }

    @Override
    public void savepointRolledBack(Object savepoint) {
        events.add("rolledBackTo " + name(savepoint));
    }

    @Override
    public boolean cleanUpFailed(Throwable failure) {
        events.add("cleanUpFailed");
        failures.add(failure);
        return dealsWithCleanUp;
    }

    private static String name(Object savepoint) {
        return savepoint instanceof Savepoint ? "unnamed" : savepoint.toString();
    }
}
