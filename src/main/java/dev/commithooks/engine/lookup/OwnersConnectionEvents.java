package dev.commithooks.engine.lookup;

import dev.commithooks.engine.boundary.ConnectionWatch;
import dev.commithooks.engine.boundary.TransactionBoundary;
import dev.commithooks.engine.connection.ConnectionEvents;
import dev.commithooks.engine.dialect.Dialect;
import dev.commithooks.engine.sql.TransactionControl;
import java.util.function.Consumer;
import org.jooq.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * What happens on the connections that jOOQ hands out in transactions of others. Passed on to the watch of the transaction that the
 * caller is in, which is looked for when something has happened; of those who are in none, nobody needs to hear. The owner's own
 * begin, savepoints and end go past these connections: whatever is seen here is somebody's doing by hand.
 */
final class OwnersConnectionEvents implements ConnectionEvents {

    private final ForeignOwners owners;
    private final Configuration configuration;

    OwnersConnectionEvents(ForeignOwners owners, Configuration configuration) {
        this.owners = owners;
        this.configuration = configuration;
    }

    private @Nullable ConnectionWatch watch() {
        TransactionBoundary boundary = owners.atWork(configuration);
        return boundary == null ? null : boundary.watch();
    }

    private void tell(Consumer<ConnectionEvents> event) {
        ConnectionWatch watch = watch();
        if (watch != null) {
            event.accept(watch);
        }
    }

    @Override
    public Dialect dialect() {
        return Dialect.of(configuration);
    }

    @Override
    public boolean hearsOfTheEnd() {
        return false;
    }

    @Override
    public void committing() {}

    @Override
    public void committed() {
        tell(ConnectionEvents::committed);
    }

    @Override
    public void commitFailed(Throwable failure, boolean isRolledBack) {
        tell(watch -> watch.commitFailed(failure, isRolledBack));
    }

    @Override
    public void rolledBack() {
        tell(ConnectionEvents::rolledBack);
    }

    @Override
    public void autoCommitSwitchedOn() {
        tell(ConnectionEvents::autoCommitSwitchedOn);
    }

    @Override
    public void executed(TransactionControl control) {
        tell(watch -> watch.executed(control));
    }

    @Override
    public void lost(Throwable failure) {
        tell(watch -> watch.lost(failure));
    }

    @Override
    public boolean hasWritten() {
        ConnectionWatch watch = watch();
        return watch != null && watch.hasWritten();
    }

    /** Nobody looks for it on a connection that does not hear of the end. */
    @Override
    public void foundIdle() {}

    @Override
    public void savepointSet(Object savepoint) {
        tell(watch -> watch.savepointSet(savepoint));
    }

    @Override
    public void savepointReleased(Object savepoint) {
        tell(watch -> watch.savepointReleased(savepoint));
    }

    @Override
    public void savepointRolledBack(Object savepoint) {
        tell(watch -> watch.savepointRolledBack(savepoint));
    }

    /** A clean-up on such a connection is not the library's. */
    @Override
    public boolean cleanUpFailed(Throwable failure) {
        return false;
    }
}
