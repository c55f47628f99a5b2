package dev.commithooks.connection;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.engine.connection.TrackedConnectionProvider;
import dev.commithooks.fixture.TestDatabase;
import java.util.List;
import org.jooq.Configuration;
import org.jooq.ConnectionProvider;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.TransactionProvider;
import org.jooq.TransactionalRunnable;
import org.jooq.impl.DSL;
import org.jooq.impl.DataSourceConnectionProvider;
import org.jooq.impl.DefaultTransactionProvider;

/** Transactions on tracked connections, and what was seen of them. */
abstract class TrackedFixture {

    final TestDatabase database;
    final RecordedEvents events = new RecordedEvents();

    TrackedFixture(TestDatabase database) {
        this.database = database;
    }

    void onPool(TransactionalRunnable work) {
        run(new DataSourceConnectionProvider(database.pool(1)), work);
    }

    void run(ConnectionProvider delegate, TransactionalRunnable work) {
        run(DSL.using(delegate, SQLDialect.POSTGRES), delegate, work);
    }

    void run(DSLContext dsl, ConnectionProvider delegate, TransactionalRunnable work) {
        TrackedConnectionProvider tracked = new TrackedConnectionProvider(delegate, events);
        TransactionProvider provider = new DefaultTransactionProvider(tracked);
        try {
            dsl.configuration().derive(provider).dsl().transaction(work);
        } finally {
            assertThat(tracked.connection()).isNull();
        }
    }

    static void insert(Configuration tx, String owner) {
        tx.dsl().insertInto(ACCOUNT).set(ACCOUNT.OWNER, owner).execute();
    }

    List<String> owners() {
        return database.dsl().select(ACCOUNT.OWNER).from(ACCOUNT).fetch(ACCOUNT.OWNER);
    }
}
