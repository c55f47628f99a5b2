package dev.commithooks.boundary;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.zaxxer.hikari.HikariDataSource;
import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.TestDatabase;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jooq.DSLContext;
import org.jooq.ExecuteContext;
import org.jooq.ExecuteListener;
import org.jooq.conf.InvocationOrder;
import org.jooq.conf.Settings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An {@code Error} of somebody else's listener, of which jOOQ tells nobody, leaves a statement unfinished. */
@Timeout(value = 60, threadMode = ThreadMode.SEPARATE_THREAD)
@Database
class ForeignErrorsTest {

    private static final List<InvocationOrder> BOTH = List.of(InvocationOrder.DEFAULT, InvocationOrder.REVERSE);
    private final HookJournal journal = new HookJournal();
    private final ExecutorService threads = Executors.newSingleThreadExecutor();
    private final TestDatabase database;
    private final HikariDataSource pool;

    ForeignErrorsTest(TestDatabase database) {
        this.database = database;
        this.pool = database.pool(2);
    }

    @AfterEach
    void endThreads() {
        threads.shutdownNow();
    }

    /** Where the listener throws. */
    enum Event {
        START,
        RENDER_END,
        PREPARE_START,
        PREPARE_END,
        BIND_END,
        EXECUTE_START,
        EXECUTE_END,
        RESULT_START,
        FETCH_END,
        END
    }

    /** The ways to write. */
    enum Writer {
        RECORD {
            @Override
            void write(DSLContext dsl) {
                author(dsl).store();
            }
        },
        STATEMENT {
            @Override
            void write(DSLContext dsl) {
                dsl.insertInto(AUTHOR).set(AUTHOR.NAME, "a").returning().fetch();
            }
        },
        BATCH {
            @Override
            void write(DSLContext dsl) {
                dsl.batchInsert(author(dsl), author(dsl)).execute();
            }
        };

        abstract void write(DSLContext dsl);

        private static AuthorRecord author(DSLContext dsl) {
            AuthorRecord author = dsl.newRecord(AUTHOR);
            author.setName("a");
            return author;
        }
    }

    private static final class Thrown extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** A listener that throws once. */
    private static final class Listener implements ExecuteListener {
        private static final long serialVersionUID = 1L;

        private final Event event;
        private boolean armed = true;

        Listener(Event event) {
            this.event = event;
        }

        private void reach(Event reached) {
            if (armed && reached == event) {
                armed = false;
                throw new Thrown();
            }
        }

        @Override
        public void start(ExecuteContext ctx) {
            reach(Event.START);
        }

        @Override
        public void renderEnd(ExecuteContext ctx) {
            reach(Event.RENDER_END);
        }

        @Override
        public void prepareStart(ExecuteContext ctx) {
            reach(Event.PREPARE_START);
        }

        @Override
        public void prepareEnd(ExecuteContext ctx) {
            reach(Event.PREPARE_END);
        }

        @Override
        public void bindEnd(ExecuteContext ctx) {
            reach(Event.BIND_END);
        }

        @Override
        public void executeStart(ExecuteContext ctx) {
            reach(Event.EXECUTE_START);
        }

        @Override
        public void executeEnd(ExecuteContext ctx) {
            reach(Event.EXECUTE_END);
        }

        @Override
        public void resultStart(ExecuteContext ctx) {
            reach(Event.RESULT_START);
        }

        @Override
        public void fetchEnd(ExecuteContext ctx) {
            reach(Event.FETCH_END);
        }

        @Override
        public void end(ExecuteContext ctx) {
            reach(Event.END);
        }
    }

    private DSLContext dsl(Event event, InvocationOrder order) {
        Settings settings = new Settings()
                .withExecuteListenerStartInvocationOrder(order)
                .withExecuteListenerEndInvocationOrder(order);
        return CommitHooks.builder()
                .registerAll(journal)
                .build()
                .attachTo(database.dsl(pool, settings))
                .configuration()
                .deriveAppending(new Listener(event))
                .dsl();
    }

    private interface Case {
        void run(Writer writer, DSLContext dsl, boolean elsewhere);
    }

    private void inEachWay(Event event, List<InvocationOrder> orders, Case each) {
        for (Writer writer : Writer.values()) {
            for (InvocationOrder order : orders) {
                boolean isUnderWay = event.compareTo(Event.EXECUTE_START) >= 0; // others wait for it
                for (boolean elsewhere : isUnderWay ? new boolean[] {false, true} : new boolean[] {false}) {
                    journal.drain();
                    int before = database.journal().size();

                    each.run(writer, dsl(event, order), elsewhere);

                    check(writer + " " + order + (elsewhere ? " on another thread" : ""), before);
                }
            }
        }
    }

    private void write(Writer writer, DSLContext dsl, boolean elsewhere) {
        if (elsewhere) {
            CompletableFuture.runAsync(() -> writer.write(dsl), threads).join();
        } else {
            writer.write(dsl);
        }
    }

    @ParameterizedTest
    @EnumSource
    void transactionThatIsRolledBackBecauseOfItEnds(Event event) {
        inEachWay(
                event,
                BOTH,
                (writer, dsl, elsewhere) ->
                        catchThrowable(() -> dsl.transaction(tx -> write(writer, tx.dsl(), elsewhere))));
    }

    @ParameterizedTest
    @EnumSource
    void transactionThatGoesOnAfterItIsToldOfAsItIs(Event event) {
        inEachWay(
                event,
                BOTH,
                (writer, dsl, elsewhere) -> catchThrowable(() -> dsl.transaction(tx -> {
                    catchThrowable(() -> write(writer, tx.dsl(), elsewhere));
                    write(writer, tx.dsl(), false);
                })));
    }

    @ParameterizedTest
    @EnumSource
    void savepointThatIsRolledBackBecauseOfItEnds(Event event) {
        inEachWay(
                event,
                BOTH,
                (writer, dsl, elsewhere) -> catchThrowable(() -> dsl.transaction(tx -> {
                    catchThrowable(() -> tx.dsl().transaction(nested -> write(writer, nested.dsl(), elsewhere)));
                    write(writer, tx.dsl(), false);
                })));
    }

    /** A listener that throws in {@code end} before ours keeps us from hearing of the end. */
    @ParameterizedTest
    @EnumSource
    void statementOutsideTransactionsIsToldOfAsItIs(Event event) {
        inEachWay(event, event == Event.END ? List.of(InvocationOrder.DEFAULT) : BOTH, (writer, dsl, elsewhere) -> {
            catchThrowable(() -> write(writer, dsl, elsewhere));
            write(writer, dsl, elsewhere); // jOOQ's record operation before has told nobody of its end
        });
    }

    /** Rows in the database == notifications, however it ended. */
    private void check(String way, int before) {
        long written = database.journal().size() - before;
        assertThat(told("after")).as("%s: %s", way, journal.events()).isEqualTo(written);
        assertThat(told("in doubt")).as(way).isZero();
    }

    private long told(String phase) {
        return journal.events().stream()
                .filter(event -> event.startsWith(phase))
                .count();
    }
}
