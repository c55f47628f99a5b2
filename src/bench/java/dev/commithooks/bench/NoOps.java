package dev.commithooks.bench;

import org.jooq.ExecuteListener;
import org.jooq.RecordListener;
import org.jooq.TransactionContext;
import org.jooq.TransactionProvider;
import org.jooq.impl.DefaultTransactionProvider;

/** jOOQ's extension points with nothing in them: what jOOQ itself charges for being asked. */
final class NoOps {

    static final RecordListener RECORD_LISTENER = new RecordListener() {};

    static final ExecuteListener EXECUTE_LISTENER = new ExecuteListener() {
        private static final long serialVersionUID = 1L;
    };

    private NoOps() {}

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
