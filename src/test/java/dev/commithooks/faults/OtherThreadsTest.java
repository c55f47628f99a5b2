package dev.commithooks.faults;

import static dev.commithooks.faults.Told.owners;
import static dev.commithooks.faults.Told.store;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** Transactions that run on other threads than the one that asks for them. */
@Database
class OtherThreadsTest {

    private final TestDatabase database;
    private final Told told = new Told();

    OtherThreadsTest(TestDatabase database) {
        this.database = database;
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
