package dev.commithooks.jta.faults;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.ConnectionEventListener;
import javax.sql.StatementEventListener;
import javax.sql.XAConnection;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.postgresql.xa.PGXADataSource;

/** pgjdbc's XA data source, whose connections meet with the {@link Faults} of their URL. Public, because pools make it by name. */
public final class FaultyXaDataSource extends PGXADataSource {

    private static final long serialVersionUID = 1L;

    @Override
    public XAConnection getXAConnection() throws SQLException {
        return faulty(super.getXAConnection());
    }

    @Override
    public XAConnection getXAConnection(String user, String password) throws SQLException {
        return faulty(super.getXAConnection(user, password));
    }

    private XAConnection faulty(XAConnection connection) {
        return new FaultyConnection(connection, Faults.of(this));
    }

    private record FaultyConnection(XAConnection connection, Faults faults) implements XAConnection {

        @Override
        public XAResource getXAResource() throws SQLException {
            return new FaultyResource(connection, connection.getXAResource(), faults);
        }

        @Override
        public Connection getConnection() throws SQLException {
            return connection.getConnection();
        }

        @Override
        public void close() throws SQLException {
            connection.close();
        }

        @Override
        public void addConnectionEventListener(ConnectionEventListener listener) {
            connection.addConnectionEventListener(listener);
        }

        @Override
        public void removeConnectionEventListener(ConnectionEventListener listener) {
            connection.removeConnectionEventListener(listener);
        }

        @Override
        public void addStatementEventListener(StatementEventListener listener) {
            connection.addStatementEventListener(listener);
        }

        @Override
        public void removeStatementEventListener(StatementEventListener listener) {
            connection.removeStatementEventListener(listener);
        }
    }

    /** A plain class, as a manager wants it that writes the resources which are serializable to its log. */
    private record FaultyResource(XAConnection connection, XAResource resource, Faults faults) implements XAResource {

        private static final Xid NO_BRANCH = new Xid() {
            @Override
            public int getFormatId() {
                return -1;
            }

            @Override
            public byte[] getGlobalTransactionId() {
                return new byte[0];
            }

            @Override
            public byte[] getBranchQualifier() {
                return new byte[0];
            }
        };

        @Override
        public int prepare(Xid branch) throws XAException {
            faults.reach(Moment.BEFORE_PREPARE, connection, branch);
            int vote = resource.prepare(branch);
            faults.reach(Moment.AFTER_PREPARE, connection, branch);
            return vote;
        }

        @Override
        public void commit(Xid branch, boolean onePhase) throws XAException {
            faults.reach(onePhase ? Moment.BEFORE_ONE_PHASE_COMMIT : Moment.BEFORE_COMMIT, connection, branch);
            resource.commit(branch, onePhase);
            faults.reach(onePhase ? Moment.AFTER_ONE_PHASE_COMMIT : Moment.AFTER_COMMIT, connection, branch);
        }

        @Override
        public void rollback(Xid branch) throws XAException {
            faults.reach(Moment.BEFORE_ROLLBACK, connection, branch);
            resource.rollback(branch);
            faults.reach(Moment.AFTER_ROLLBACK, connection, branch);
        }

        @Override
        public boolean isSameRM(XAResource other) throws XAException {
            return resource.isSameRM(other instanceof FaultyResource faulty ? faulty.resource : other);
        }

        @Override
        public void start(Xid branch, int flags) throws XAException {
            resource.start(branch, flags);
        }

        @Override
        public void end(Xid branch, int flags) throws XAException {
            resource.end(branch, flags);
        }

        @Override
        public void forget(Xid branch) throws XAException {
            resource.forget(branch);
        }

        @Override
        public Xid[] recover(int flags) throws XAException {
            Xid[] prepared = resource.recover(flags);
            faults.reach(Moment.AFTER_SCAN, connection, NO_BRANCH);
            return prepared;
        }

        @Override
        public int getTransactionTimeout() throws XAException {
            return resource.getTransactionTimeout();
        }

        @Override
        public boolean setTransactionTimeout(int seconds) throws XAException {
            return resource.setTransactionTimeout(seconds);
        }
    }
}
