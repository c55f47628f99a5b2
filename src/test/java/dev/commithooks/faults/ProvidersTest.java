package dev.commithooks.faults;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.faults.Told.owners;
import static dev.commithooks.faults.Told.store;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.commithooks.CommitHooks;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.TestDatabase;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.TransactionContext;
import org.jooq.TransactionProvider;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DataSourceConnectionProvider;
import org.jooq.impl.DefaultTransactionProvider;
import org.jooq.impl.ThreadLocalTransactionProvider;
import org.jooq.tools.jdbc.MockResult;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** The same promises on every transaction provider and every way to run a transaction. */
@Database
class ProvidersTest {

    private final TestDatabase database;
    private final Told told = new Told();

    ProvidersTest(TestDatabase database) {
        this.database = database;
    }

    @ParameterizedTest
    @EnumSource
    void committedTreeFiresOnceAndInOrder(Source source) {
        DSLContext dsl = told.attachTo(source.plain(database));

        String result = dsl.transactionResult(tx -> {
            store(tx, "ann");
            tx.dsl().transaction(nested -> {
                store(nested, "bob");
                nested.dsl().transaction(deeper -> store(deeper, "cid"));
            });
            store(tx, "dan");
            return "result";
        });

        assertThat(result).isEqualTo("result");
        assertThat(told.events())
                .containsExactly(
                        "before INSERT ann",
                        "before INSERT bob",
                        "before INSERT cid",
                        "before INSERT dan",
                        "after INSERT ann",
                        "after INSERT bob",
                        "after INSERT cid",
                        "after INSERT dan");
        assertThat(owners(database)).containsExactly("ann", "bob", "cid", "dan");
        Source.close(dsl);
    }

    @ParameterizedTest
    @EnumSource
    void rolledBackNestedTransactionFailsAlone(Source source) {
        DSLContext dsl = told.attachTo(source.plain(database));

        dsl.transaction(tx -> {
            store(tx, "ann");
            assertThatThrownBy(() -> tx.dsl().transaction(nested -> {
                        store(nested, "bob");
                        nested.dsl().transaction(deeper -> store(deeper, "cid"));
                        throw new IllegalStateException("nested");
                    }))
                    .hasMessage("nested");
        });

        assertThat(told.events())
                .containsExactly(
                        "failed INSERT bob SAVEPOINT",
                        "failed INSERT cid SAVEPOINT",
                        "before INSERT ann",
                        "after INSERT ann");
        assertThat(owners(database)).containsExactly("ann");
        Source.close(dsl);
    }

    @ParameterizedTest
    @EnumSource
    void rolledBackTransactionFails(Source source) {
        DSLContext dsl = told.attachTo(source.plain(database));

        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    store(tx, "ann");
                    tx.dsl().transaction(nested -> store(nested, "bob"));
                    throw new IllegalStateException("work");
                }))
                .hasMessage("work");

        assertThat(told.events()).containsExactly("failed INSERT ann WORK", "failed INSERT bob WORK");
        assertThat(owners(database)).isEmpty();
        Source.close(dsl);
    }

    @ParameterizedTest
    @EnumSource
    void autocommitIsRestored(Source source) throws SQLException {
        DSLContext plain = source.plain(database);
        DSLContext dsl = told.attachTo(plain);
        boolean before = autoCommit(dsl);

        dsl.transaction(tx -> store(tx, "ann"));
        assertThat(autoCommit(dsl)).isEqualTo(before);
        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    throw new IllegalStateException("work");
                }))
                .hasMessage("work");

        assertThat(autoCommit(dsl)).isEqualTo(before);
        Source.close(dsl);
    }

    private static boolean autoCommit(DSLContext dsl) {
        return dsl.connectionResult(Connection::getAutoCommit);
    }

    @ParameterizedTest
    @EnumSource(names = {"DATA_SOURCE", "POOL", "MANUAL_COMMIT_POOL", "EXPLICIT_DEFAULT", "THREAD_LOCAL"})
    void afterHookMayOpenATransactionOfItsOwn(Source source) {
        DSLContext dsl = told.doing((event, ctx) -> {
                    if (event.equals("after INSERT ann")) {
                        ctx.dsl().transaction(tx -> store(tx, "bob"));
                    }
                })
                .attachTo(source.plain(database));

        dsl.transaction(tx -> store(tx, "ann"));

        assertThat(told.events())
                .containsExactly("before INSERT ann", "after INSERT ann", "before INSERT bob", "after INSERT bob");
        assertThat(owners(database)).containsExactly("ann", "bob");
    }

    @Test
    void withoutSavepointsTheInnerBoundaryMeansNothing() {
        DataSourceConnectionProvider connections = new DataSourceConnectionProvider(database.pool(1));
        DSLContext dsl = told.attachTo(database.configuration()
                .set(connections)
                .set(new DefaultTransactionProvider(connections, false))
                .dsl());

        dsl.transaction(tx -> {
            store(tx, "ann");
            assertThatThrownBy(() -> tx.dsl().transaction(nested -> {
                        store(nested, "bob");
                        throw new IllegalStateException("nested");
                    }))
                    .hasMessage("nested");
        });

        assertThat(told.events())
                .containsExactly("before INSERT ann", "before INSERT bob", "after INSERT ann", "after INSERT bob");
        assertThat(owners(database)).containsExactly("ann", "bob");
    }

    @Test
    void customDelegateIsCalledForEachLevel() {
        List<String> calls = new ArrayList<>();
        TransactionProvider plain = new DefaultTransactionProvider(new DataSourceConnectionProvider(database.pool(1)));
        DSLContext dsl = told.attachTo(database.configuration()
                .set(new TransactionProvider() {
                    @Override
                    public void begin(TransactionContext ctx) {
                        calls.add("begin");
                        plain.begin(ctx);
                    }

                    @Override
                    public void commit(TransactionContext ctx) {
                        calls.add("commit");
                        plain.commit(ctx);
                    }

                    @Override
                    public void rollback(TransactionContext ctx) {
                        calls.add("rollback");
                        plain.rollback(ctx);
                    }
                })
                .dsl());

        dsl.transaction(tx -> {
            store(tx, "ann");
            assertThatThrownBy(() -> tx.dsl().transaction(nested -> {
                        store(nested, "bob");
                        throw new IllegalStateException("nested");
                    }))
                    .hasMessage("nested");
        });

        assertThat(calls).containsExactly("begin", "begin", "rollback", "commit");
        assertThat(told.events())
                .containsExactly("failed INSERT bob SAVEPOINT", "before INSERT ann", "after INSERT ann");
        assertThat(owners(database)).containsExactly("ann");
    }

    @Test
    void jooqsOwnThreadLocalProviderIsRefusedWithAWayOut() {
        Configuration configuration = database.configuration()
                .set(new ThreadLocalTransactionProvider(new DataSourceConnectionProvider(database.pool(1))));

        assertThatThrownBy(() -> told.attachTo(configuration.dsl()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("threadLocalTransactionProvider");
    }

    @Test
    void partDroppedByALaterDeriveIsFoundAtBegin() {
        DSLContext dsl = told.attachTo(database.dsl(database.pool(1)));
        Configuration stripped = dsl.configuration().derive(new org.jooq.RecordListenerProvider[0]);
        Configuration silenced = dsl.configuration().derive(new org.jooq.TransactionListenerProvider[0]);
        Configuration executed = dsl.configuration().derive(new org.jooq.ExecuteListenerProvider[0]);

        for (Configuration broken : List.of(stripped, silenced, executed)) {
            assertThatThrownBy(() -> broken.dsl().transaction(tx -> store(tx, "never")))
                    .hasMessageContaining("deriveAppending");
        }

        assertThat(owners(database)).isEmpty();
        assertThat(told.events()).isEmpty();
    }

    @Test
    @Needs(Ability.SESSIONS_THAT_END)
    void derivedConnectionAndMockBehaveAsInPlainJooq() throws SQLException {
        DSLContext dsl = told.attachTo(database.dsl(database.pool(1)));

        try (Connection other = database.simpleDataSource().getConnection()) {
            long session = database.session(database.dsl(other));
            dsl.configuration().derive(other).dsl().transaction(tx -> {
                assertThat(database.session(tx.dsl())).isEqualTo(session);
                store(tx, "ann");
            });
            assertThat(other.getAutoCommit()).isTrue();
        }
        Integer mocked = dsl.mockResult(
                ctx -> new MockResult[] {new MockResult(7)},
                mock -> mock.dsl().transactionResult(tx -> tx.dsl().execute("update nothing")));

        assertThat(mocked).isEqualTo(7);
        assertThat(told.events()).containsExactly("before INSERT ann", "after INSERT ann");
        assertThat(owners(database)).containsExactly("ann");
    }

    @Nested
    class ThreadLocalProvider {

        private final DSLContext dsl = told.attachTo(Source.THREAD_LOCAL.plain(database));

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

            assertThat(told.events())
                    .filteredOn(event -> event.startsWith("after"))
                    .hasSize(3);
            assertThat(owners(database)).containsExactly("kept", "kept", "kept");
        }

        @Test
        void exhaustedPoolLeavesNoThreadState() throws SQLException {
            HikariDataSource pool = database.pool(1);
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

    @Test
    void asynchronousTransactionsFireOnTheirExecutor() {
        ExecutorService executor = Executors.newFixedThreadPool(2);
        try {
            DSLContext dsl = told.attachTo(database.dsl(database.pool(2)));
            var committed =
                    dsl.transactionResultAsync(executor, tx -> store(tx, "ann").getId());
            var failed = dsl.transactionAsync(executor, tx -> {
                store(tx, "bob");
                throw new IllegalStateException("work");
            });

            assertThat(committed.toCompletableFuture().join()).isNotNull();
            assertThatThrownBy(() -> failed.toCompletableFuture().join())
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(IllegalStateException.class);
        } finally {
            executor.shutdown();
        }

        assertThat(told.events())
                .containsExactlyInAnyOrder("before INSERT ann", "after INSERT ann", "failed INSERT bob WORK");
        assertThat(owners(database)).containsExactly("ann");
    }

    @Test
    void publishedTransactionsFireOnTheSubscriber() {
        DSLContext dsl = told.attachTo(database.dsl(database.pool(1)));
        Publisher<Record> publisher = dsl.transactionPublisher(tx -> {
            store(tx, "ann");
            return tx.dsl().resultQuery("select 1");
        });
        List<Object> received = new ArrayList<>();
        publisher.subscribe(new Collecting<>(received));

        assertThat(received).last().isEqualTo("complete");
        assertThat(told.events()).containsExactly("before INSERT ann", "after INSERT ann");
        assertThat(owners(database)).containsExactly("ann");
    }

    private record Collecting<T>(List<Object> received) implements Subscriber<T> {

        @Override
        public void onSubscribe(Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(T item) {
            received.add(item);
        }

        @Override
        public void onError(Throwable failure) {
            received.add(failure);
        }

        @Override
        public void onComplete() {
            received.add("complete");
        }
    }

    @Test
    void virtualThreadsFireLikeOthers() throws Exception {
        Method factory = java.util.Arrays.stream(Executors.class.getMethods())
                .filter(method -> method.getName().equals("newVirtualThreadPerTaskExecutor"))
                .findFirst()
                .orElse(null);
        assumeThat(factory).as("a JDK with virtual threads").isNotNull();
        DSLContext dsl = told.attachTo(database.dsl(database.pool(4)));
        ExecutorService executor = (ExecutorService) factory.invoke(null);
        List<Future<?>> all = IntStream.range(0, 50)
                .<Future<?>>mapToObj(i -> executor.submit(() -> dsl.transaction(tx -> {
                    store(tx, "v" + i);
                    if (i % 5 == 0) {
                        throw new IllegalStateException("work");
                    }
                })))
                .toList();
        int failed = 0;
        for (Future<?> one : all) {
            try {
                one.get(60, TimeUnit.SECONDS);
            } catch (java.util.concurrent.ExecutionException e) {
                failed++;
            }
        }
        executor.shutdown();

        assertThat(failed).isEqualTo(10);
        assertThat(told.events()).filteredOn(event -> event.startsWith("after")).hasSize(40);
        assertThat(told.events())
                .filteredOn(event -> event.startsWith("failed"))
                .hasSize(10);
        assertThat(owners(database)).hasSize(40);
    }
}
