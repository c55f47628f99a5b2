package dev.commithooks.transactions;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.TransactionSession;
import dev.commithooks.fixture.TestDatabase;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jooq.DSLContext;
import org.jooq.impl.DefaultTransactionProvider;
import org.junit.jupiter.api.Test;

/** What a session refuses, and warns of. */
class SessionMisuseTest extends SessionFixture {

    SessionMisuseTest(TestDatabase database) {
        super(database);
    }

    @Test
    void useAfterCloseIsRefused() {
        TransactionSession session = hooks.open(dsl);
        DSLContext kept = session.dsl();
        author(kept, "lost");
        session.close();
        session.close();

        for (Runnable use : List.<Runnable>of(
                session::dsl, session::commit, session::rollback, session::savepoint, session::current)) {
            assertThatThrownBy(use::run).hasMessageContaining("closed");
        }
        assertThatThrownBy(() -> author(kept, "no")).hasStackTraceContaining("closed");
        assertThat(database.journal()).isEmpty();
    }

    @Test
    void twoThreadsAtATimeAreRefused() throws Exception {
        CountDownLatch committing = new CountDownLatch(1);
        CountDownLatch refused = new CountDownLatch(1);
        CommitHooks waiting = CommitHooks.builder()
                .on(
                        AUTHOR,
                        on -> on.beforeCommitInsert((author, ctx) -> {
                            committing.countDown();
                            refused.await();
                        }))
                .build();
        try (TransactionSession session = waiting.open(waiting.attachTo(database.dsl(pool)))) {
            author(session.dsl(), "one");
            CompletableFuture<Void> commit = CompletableFuture.runAsync(session::commit);
            committing.await();
            assertThatThrownBy(session::rollback)
                    .hasMessageContainingAll("one thread at a time", "commit()", "rollback()");
            refused.countDown();
            commit.join();
            author(session.dsl(), "on another thread than before");
            session.commit();
        }

        assertThat(committedNames()).containsExactly("one", "on another thread than before");
    }

    @Test
    void othersProvidersAndOthersHooksAreRefused() {
        var owned = database.dsl(pool).configuration();
        owned.set(new DefaultTransactionProvider(owned.connectionProvider()));
        DSLContext explicit = hooks.attachTo(owned).dsl();

        assertThatThrownBy(() -> hooks.open(explicit)).hasMessageContaining("transaction provider");
        assertThatThrownBy(() -> hooks.open(database.dsl())).hasMessageContaining("attachTo");
        assertThatThrownBy(() -> CommitHooks.builder().build().open(dsl)).hasMessageContaining("other commit hooks");
    }

    @Test
    void aSessionThatIsForgottenOpenIsWarnedOf() throws Exception {
        List<String> warnings = new ArrayList<>();
        CountDownLatch warned = new CountDownLatch(1);
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord record) {
                warnings.add(new java.util.logging.SimpleFormatter().formatMessage(record));
                if (record.getMessage().contains("never closed")) {
                    warned.countDown();
                }
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger("dev.commithooks");
        logger.addHandler(handler);
        try (Connection connection = database.simpleDataSource().getConnection()) {
            Thread forgetful = new Thread(() -> forget(hooks.attachTo(database.dsl(connection))));
            forgetful.start();
            forgetful.join();
            while (!warned.await(20, java.util.concurrent.TimeUnit.MILLISECONDS)) {
                System.gc();
            }
        } finally {
            logger.removeHandler(handler);
        }

        assertThat(warnings)
                .anySatisfy(warning -> assertThat(warning).contains("SessionMisuseTest.forget", "never closed"));
        assertThat(database.journal()).isEmpty();
    }

    private void forget(DSLContext single) {
        author(hooks.open(single).dsl(), "lost");
    }
}
