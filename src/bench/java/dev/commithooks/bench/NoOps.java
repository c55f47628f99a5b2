package dev.commithooks.bench;

import java.sql.Connection;
import org.jooq.ConnectionProvider;
import org.jooq.ExecuteListener;
import org.jooq.RecordListener;
import org.jooq.TransactionContext;
import org.jooq.TransactionProvider;
import org.jooq.impl.DefaultTransactionProvider;
import org.jooq.tools.jdbc.DefaultConnection;

/** jOOQ's extension points with nothing in them: what jOOQ itself charges for being asked. */
final class NoOps {

    static final RecordListener RECORD_LISTENER = new RecordListener() {};

    static final ExecuteListener EXECUTE_LISTENER = new ExecuteListener() {
        private static final long serialVersionUID = 1L;
    };

    private NoOps() {}

    /** Connections that pass on to others all that they are asked. */
    record PassingConnections(ConnectionProvider source) implements ConnectionProvider {

        @Override
        public Connection acquire() {
            return new PassingConnection(source.acquire());
        }

        @Override
        public void release(Connection connection) {
            source.release(((PassingConnection) connection).getDelegate());
        }
    }

    private static final class PassingConnection extends DefaultConnection {

        PassingConnection(Connection delegate) {
            super(delegate);
        }
    }

    /** A provider that adds nothing to jOOQ's own. */
    record PassingProvider(DefaultTransactionProvider delegate) implements TransactionProvider {

        @Override
        public void begin(TransactionContext ctx) {
            delegate.begin(ctx);
        }

        @Override
        public void commit(TransactionContext ctx) {
            delegate.commit(ctx);
        }

        @Override
        public void rollback(TransactionContext ctx) {
            delegate.rollback(ctx);
        }
    }
}
