package dev.commithooks.durable;

import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.serializer.JavaSerializer;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.shop.tables.records.BookRecord;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.fixture.Waiting;
import dev.commithooks.hook.HookOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;

/** A scheduler of the application's own, with tasks of its own, that runs durable hooks too. */
@Database
class OwnSchedulerTest {

    private final TestDatabase database;
    private final List<String> calls = new CopyOnWriteArrayList<>();

    OwnSchedulerTest(TestDatabase database) {
        this.database = database;
    }

    @Test
    void itRunsDurableHooksBesideItsOwnTasksAndIsNudged() {
        DbSchedulerDelivery delivery = DbSchedulerDelivery.on(database.pool(2), Deliveries.QUICK);
        DSLContext dsl = CommitHooks.builder()
                .on(
                        BOOK,
                        HookOptions.durable("index"),
                        on -> on.afterCommitInsert(
                                (book, ctx) -> calls.add("hook " + book.row().getTitle())))
                .durable(delivery)
                .build()
                .attachTo(DSL.using(database.pool(2), SQLDialect.POSTGRES));
        OneTimeTask<Integer> own = Tasks.oneTime("own", Integer.class)
                .execute((instance, context) -> calls.add("task " + instance.getData()));
        List<Task<?>> tasks = delivery.tasks();
        tasks.add(own);
        Scheduler scheduler = Scheduler.create(database.pool(4), tasks)
                .tableName("hook_delivery")
                .serializer(DbSchedulerDelivery.serializer(new JavaSerializer()))
                .deleteUnresolvedAfter(Duration.ofDays(36_500))
                .pollingInterval(Duration.ofHours(1))
                .threads(2)
                .build();
        delivery.nudging(scheduler);
        scheduler.start();
        try {
            scheduler.schedule(own.instance("1", 42), Instant.now());
            dsl.transaction(tx -> {
                BookRecord book = tx.dsl().newRecord(BOOK);
                book.setTitle("Tehanu");
                book.store();
            });
            Waiting.until(() -> calls.size() == 2);
        } finally {
            scheduler.stop();
        }

        assertThat(database.dsl().fetch(BOOK).getValues(BOOK.TITLE)).containsExactly("Tehanu");
        assertThat(calls).containsExactlyInAnyOrder("hook Tehanu", "task 42");
        assertThat(delivery.status().waiting() + delivery.status().running()).isZero();
    }
}
