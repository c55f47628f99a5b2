package dev.commithooks.faults;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.faults.Told.owners;
import static dev.commithooks.faults.Told.store;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.commithooks.CommitHooks;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DataSourceConnectionProvider;
import org.junit.jupiter.api.Test;

/** Transactions whose connection is the thread's. */
@Database
class ThreadLocalProviderTest {

    private final TestDatabase database;
    private final Told told = new Told();
    private final DSLContext dsl;

    ThreadLocalProviderTest(TestDatabase database) {
        this.database = database;
        this.dsl = told.attachTo(Source.THREAD_LOCAL.plain(database));
    }

    @Test
    void contextLessTransactionsFire() {
        dsl.transaction(() -> {
            store(dsl.configuration(), "ann");
            dsl.transaction(() -> store(dsl.configuration(), "bob"));
            assertThatThrownBy(() -> dsl.transaction(() -> {
                        store(dsl.configuration(), "cid");
                        throw new IllegalStateException("nested");
                    }))
                    .hasMessage("nested");
            CommitHooks.current(dsl).onCommit(() -> told.note("onCommit"));
        });

        assertThat(told.events())
                .containsExactly(
                        "failed INSERT cid SAVEPOINT",
                        "before INSERT ann",
                        "before INSERT bob",
                        "after INSERT ann",
                        "after INSERT bob",
                        "onCommit");
        assertThat(owners(database)).containsExactly("ann", "bob");
    }

    @Test
    void recordsOfTheOuterContextAreInTheTransaction() {
        var account = dsl.newRecord(ACCOUNT);
        account.setOwner("ann");

        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    account.store();
                    throw new IllegalStateException("work");
                }))
                .hasMessage("work");

        assertThat(told.events()).containsExactly("failed INSERT ann WORK");
        assertThat(owners(database)).isEmpty();
    }

    @Test
    void commitBehindItsBackOnTheSameThreadIsSeen() {
        assertThatThrownBy(() -> dsl.transaction(() -> {
                    store(dsl.configuration(), "ann");
                    dsl.connection(Connection::commit);
                }))
                .isInstanceOf(dev.commithooks.transaction.TransactionInDoubtException.class);

        assertThat(told.events()).containsExactly("inDoubt INSERT ann");
    }

    @Test
    void threadIsAsGoodAsNewAfterEachFailure() throws Exception {
        ExecutorService single = Executors.newSingleThreadExecutor();
        try {
            Future<?> work = single.submit(() -> {
                for (int i = 0; i < 3; i++) {
                    assertThatThrownBy(() -> dsl.transaction(() -> {
                                store(dsl.configuration(), "lost");
                                throw new IllegalStateException("work");
                            }))
                            .hasMessage("work");
                    assertThatThrownBy(() -> dsl.transaction(() -> {
                                store(dsl.configuration(), "refused");
                                dsl.execute("insert into review (book_id, rating) values (4711, 1)");
                            }))
                            .isInstanceOf(DataAccessException.class);
                    dsl.transaction(() -> store(dsl.configuration(), "kept"));
                }
            });
            work.get(60, TimeUnit.SECONDS);
        } finally {
            single.shutdown();
        }

        assertThat(told.events()).filteredOn(event -> event.startsWith("after")).hasSize(3);
        assertThat(owners(database)).containsExactly("kept", "kept", "kept");
    }

    @Test
    void exhaustedPoolLeavesNoThreadState() throws SQLException {
        HikariDataSource pool = database.impatientPool(1);
        DSLContext single = told.attachTo(database.configuration()
                .set(CommitHooks.threadLocalTransactionProvider(new DataSourceConnectionProvider(pool)))
                .dsl());
        try (Connection held = pool.getConnection()) {
            assertThat(held.isValid(1)).isTrue();
            assertThatThrownBy(() -> single.transaction(() -> store(single.configuration(), "never")))
                    .isInstanceOf(DataAccessException.class);
        }

        store(single.configuration(), "ann");
        single.transaction(() -> store(single.configuration(), "bob"));

        assertThat(told.events())
                .containsExactly("before INSERT ann", "after INSERT ann", "before INSERT bob", "after INSERT bob");
        assertThat(owners(database)).containsExactly("ann", "bob");
    }
}
