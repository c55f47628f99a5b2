package dev.commithooks.seeing;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.Transactions;
import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.hook.HookOptions;
import dev.commithooks.jfr.FlightRecorderObserver;
import dev.commithooks.policy.RetryPolicy;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Database
class FlightRecorderObserverTest {

    private final DSLContext dsl;

    FlightRecorderObserverTest(TestDatabase database) {
        CommitHooks hooks = CommitHooks.builder()
                .observer(new FlightRecorderObserver())
                .on(
                        AUTHOR,
                        HookOptions.named("index"),
                        on -> on.afterCommit((authors, ctx) -> {
                            if (authors.inserted().get(0).row().getName().equals("outer")) {
                                ctx.dsl().transaction(tx -> author(tx, "inner"));
                            }
                        }))
                .on(
                        AUTHOR,
                        HookOptions.named("mail"),
                        on -> on.failedCommitInsert((author, ctx) -> {
                            throw new IllegalStateException("no mail");
                        }))
                .build();
        this.dsl = hooks.attachTo(DSL.using(database.pool(2), SQLDialect.POSTGRES));
    }

    private static void author(Configuration tx, String name) {
        AuthorRecord author = tx.dsl().newRecord(AUTHOR);
        author.setName(name);
        author.store();
    }

    private interface Work {
        void run() throws Exception;
    }

    private static List<RecordedEvent> record(Path directory, Work work) throws Exception {
        Path file = directory.resolve("hooks.jfr");
        try (Recording recording = new Recording()) {
            recording.enable("dev.commithooks.Transaction");
            recording.enable("dev.commithooks.Hook");
            recording.start();
            work.run();
            recording.stop();
            recording.dump(file);
        }
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().startsWith("dev.commithooks."))
                .toList();
    }

    private static String line(RecordedEvent event) {
        String kind = event.getEventType().getName().substring("dev.commithooks.".length());
        return kind.equals("Transaction")
                ? String.join(
                        " ",
                        "Transaction",
                        String.valueOf(event.getString("name")),
                        "#" + event.getInt("attempt"),
                        event.getString("outcome"),
                        String.valueOf(event.getString("stage")),
                        event.getInt("changes") + " changes")
                : String.join(
                        " ",
                        "Hook",
                        event.getString("hook"),
                        event.getString("method"),
                        event.getString("table"),
                        event.getString("phase"),
                        "#" + event.getInt("attempt"),
                        event.getInt("changes") + " changes",
                        event.getString("outcome"),
                        String.valueOf(event.getString("failure")));
    }

    @Test
    void aRecordingHasTransactionsAndTheCallsOfTheirHooks(@TempDir Path directory) throws Exception {
        RetryPolicy policy = RetryPolicy.attempts(2).sleeper(pause -> {});

        List<RecordedEvent> events = record(directory, () -> {
            dsl.transaction(tx -> {
                author(tx, "outer");
                author(tx, "another");
            });
            Transactions.with(dsl).name("import").retry(policy).run(tx -> {
                author(tx, "retried");
                if (CommitHooks.current(tx).info().attempt() == 1) {
                    tx.dsl().execute("do $$ begin raise exception 'lost' using errcode = '40001'; end $$");
                }
            });
        });

        assertThat(events)
                .extracting(FlightRecorderObserverTest::line)
                .containsExactlyInAnyOrder(
                        "Hook index afterCommit public.author AFTER #1 1 changes RETURNED null",
                        "Transaction null #1 COMMITTED null 1 changes",
                        "Hook index afterCommit public.author AFTER #1 2 changes RETURNED null",
                        "Transaction null #1 COMMITTED null 2 changes",
                        "Hook mail failedCommitInsert public.author FAILED #1 1 changes THREW"
                                + " java.lang.IllegalStateException: no mail",
                        "Transaction import #1 ROLLED_BACK WORK 1 changes",
                        "Hook index afterCommit public.author AFTER #2 1 changes RETURNED null",
                        "Transaction import #2 COMMITTED null 1 changes");
        RecordedEvent outer = of(events, "Transaction null #1 COMMITTED null 2 changes");
        RecordedEvent inner = of(events, "Transaction null #1 COMMITTED null 1 changes");
        assertThat(outer.getStartTime()).isBeforeOrEqualTo(inner.getStartTime());
        assertThat(outer.getEndTime()).isAfterOrEqualTo(inner.getEndTime());
        assertThat(events).allSatisfy(event -> {
            assertThat(event.getDuration()).isPositive();
            assertThat(event.getStackTrace()).isNull();
        });
        assertThat(events.stream().map(event -> event.getString("transaction")).distinct())
                .hasSize(4);
    }

    private static RecordedEvent of(List<RecordedEvent> events, String line) {
        return events.stream()
                .filter(event -> line(event).equals(line))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aRecordingThatBeginsInTheMiddleHasNoHalves(@TempDir Path directory) throws Exception {
        try (Recording later = new Recording()) {
            later.enable("dev.commithooks.Transaction");
            later.enable("dev.commithooks.Hook");
            dsl.transaction(tx -> {
                author(tx, "a");
                later.start();
            });
            later.stop();
        }
        List<RecordedEvent> events = record(
                directory,
                () -> assertThatThrownBy(() -> dsl.transaction(tx -> {
                            throw new IllegalArgumentException("no");
                        }))
                        .hasMessage("no"));

        assertThat(events)
                .extracting(FlightRecorderObserverTest::line)
                .containsExactly("Transaction null #1 ROLLED_BACK WORK 0 changes");
        assertThat(events.get(0).getString("failure")).isEqualTo("java.lang.IllegalArgumentException: no");
    }

    @Test
    void whileNobodyRecordsHooksRunAllTheSame() {
        dsl.transaction(tx -> author(tx, "a"));

        assertThat(dsl.fetchCount(AUTHOR)).isOne();
    }
}
