package dev.commithooks.durable;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.CommitHooks;
import dev.commithooks.CommitHooksBuilder;
import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.bookshop.shop.tables.records.BookRecord;
import dev.commithooks.change.Change;
import dev.commithooks.change.Inserted;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.hook.AfterCommitHooks;
import dev.commithooks.hook.HookContext;
import dev.commithooks.hook.HookOptions;
import dev.commithooks.hook.InDoubtHooks;
import dev.commithooks.jfr.FlightRecorderObserver;
import dev.commithooks.spi.HookObserver;
import dev.commithooks.transaction.Outcome;
import dev.commithooks.transaction.TransactionInDoubtException;
import dev.commithooks.transaction.TransactionInfo;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordingFile;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.TableRecord;
import org.jooq.conf.RenderQuotedNames;
import org.jooq.conf.Settings;
import org.jooq.impl.DSL;
import org.jooq.impl.DataSourceConnectionProvider;
import org.jooq.impl.SQLDataType;
import org.jooq.impl.TableImpl;
import org.jooq.impl.TableRecordImpl;
import org.jooq.tools.jdbc.DefaultConnection;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@Database
class DeliveryFailuresTest {

    private final TestDatabase database;
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private DbSchedulerDelivery node;

    DeliveryFailuresTest(TestDatabase database) {
        this.database = database;
        this.node = DbSchedulerDelivery.on(database.simpleDataSource(), Deliveries.QUICK);
    }

    @BeforeEach
    void makeTheNode() {
        database.dsl().execute("drop view if exists hook_delivery_status");
        database.dsl().execute("drop table if exists hook_delivery");
        database.dsl().execute("drop sequence if exists hook_delivery_seq");
        database.dsl().execute(DbSchedulerDelivery.ddl());
        node = DbSchedulerDelivery.on(database.pool(6), Deliveries.QUICK);
    }

    @AfterEach
    void stopTheNode() {
        node.close();
    }

    private CommitHooksBuilder hooks() {
        return CommitHooks.builder()
                .on(
                        BOOK,
                        HookOptions.durable("index"),
                        on -> on.afterCommitInsert(
                                (book, ctx) -> calls.add(book.row().getTitle())))
                .durable(node);
    }

    private DSLContext attach(CommitHooksBuilder builder) {
        return builder.build().attachTo(DSL.using(database.pool(4), SQLDialect.POSTGRES));
    }

    private static void store(Configuration tx, String title) {
        BookRecord book = tx.dsl().newRecord(BOOK);
        book.setTitle(title);
        book.store();
    }

    private List<String> titles() {
        return database.dsl().select(BOOK.TITLE).from(BOOK).orderBy(BOOK.ID).fetch(BOOK.TITLE);
    }

    // ---------------------------------------------------------------- the hand-over

    @Test
    void transactionWhoseParcelCannotBeWrittenIsRolledBack() {
        DSLContext dsl = attach(hooks());
        database.dsl().execute("drop view hook_delivery_status; drop table hook_delivery");

        assertThatThrownBy(() -> dsl.transaction(tx -> store(tx, "Tehanu")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("What durable hooks [index] are to be called with could not be written to hook_delivery;"
                        + " nothing was stored, and the transaction IS rolled back. Make the table with the statements"
                        + " of DbSchedulerDelivery.ddl().");

        assertThat(titles()).isEmpty();
        assertThat(database.journal()).isEmpty();
    }

    @Test
    void exceptionOfTheHandOverTellsNoValueOfARow() {
        DSLContext dsl =
                attach(hooks().on(AUTHOR, HookOptions.durable("authors"), on -> on.afterCommitInsert((a, ctx) -> {})));
        database.dsl().execute("alter table hook_delivery add constraint no_more check (task_name = '')");

        for (int books = 1; books <= 2; books++) {
            int count = books;
            Throwable thrown = catchThrowable(() -> dsl.transaction(tx -> {
                store(tx, "secret title");
                if (count == 2) {
                    AuthorRecord author = tx.dsl().newRecord(AUTHOR);
                    author.setName("secret name");
                    author.store();
                }
            }));
            StringWriter trace = new StringWriter();
            thrown.printStackTrace(new PrintWriter(trace));

            assertThat(trace.toString()).contains("no_more", "IS rolled back").doesNotContain("secret");
        }
        assertThat(titles()).isEmpty();
    }

    /** A connection whose COMMIT gets no answer, whether it was done or not. */
    private static final class Lost extends DefaultConnection {

        private final Outcome outcome;

        Lost(Connection connection, Outcome outcome) {
            super(connection);
            this.outcome = outcome;
        }

        @Override
        public void commit() throws SQLException {
            if (outcome == Outcome.COMMITTED) {
                super.commit();
            } else {
                super.rollback();
            }
            throw new SQLException("the answer is lost", "08006");
        }
    }

    private final class Index implements AfterCommitHooks<BookRecord>, InDoubtHooks<BookRecord> {

        @Override
        public void afterCommitInsert(Inserted<BookRecord> book, HookContext ctx) {
            calls.add("committed " + book.row().getTitle());
        }

        @Override
        public void inDoubt(Change<BookRecord> book, HookContext ctx) {
            calls.add("in doubt");
        }
    }

    private void storeAndLoseTheAnswer(Outcome outcome) {
        CommitHooks hooks = CommitHooks.builder()
                .register(BOOK, new Index(), HookOptions.durable("index"))
                .durable(node)
                .build();
        DSLContext dsl = hooks.attachTo(DSL.using(
                new DataSourceConnectionProvider(database.simpleDataSource()) {
                    @Override
                    public Connection acquire() {
                        return new Lost(super.acquire(), outcome);
                    }
                },
                SQLDialect.POSTGRES));
        node.start();

        assertThatThrownBy(() -> dsl.transaction(tx -> store(tx, "Tehanu")))
                .isInstanceOf(TransactionInDoubtException.class);
        Deliveries.drained(node);
    }

    @Test
    void inDoubtTheStoredParcelDecidesAndNobodyIsToldInMemory() {
        storeAndLoseTheAnswer(Outcome.COMMITTED);

        assertThat(titles()).containsExactly("Tehanu");
        assertThat(calls).containsExactly("committed Tehanu");
    }

    @Test
    void inDoubtNothingIsStoredWhereTheCommitFailedAndNobodyIsCalled() {
        storeAndLoseTheAnswer(Outcome.ROLLED_BACK);

        assertThat(titles()).isEmpty();
        assertThat(calls).isEmpty();
    }

    @Test
    void anotherDatabaseIsRefusedByName() {
        DSLContext elsewhere = DSL.using(
                database.pool(2),
                SQLDialect.SQLITE,
                new Settings()
                        .withReturnIdentityOnUpdatableRecord(false)
                        .withRenderQuotedNames(RenderQuotedNames.NEVER));
        DSLContext dsl = hooks().participant(OutboxTable.of(AUTHOR)).build().attachTo(elsewhere);
        DbSchedulerDelivery there =
                DbSchedulerDelivery.on(database.pool(2), Deliveries.QUICK, elsewhere.configuration());
        CommitHooks.builder()
                .durableCallback("ship", (text, ctx) -> {})
                .durable(there)
                .build();

        assertThatThrownBy(() -> dsl.transaction(tx -> store(tx, "Tehanu")))
                .hasMessage("Durable hooks are stored in PostgreSQL only, and this is SQLITE; nothing was stored, and"
                        + " the transaction IS rolled back");
        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    AuthorRecord author = tx.dsl().newRecord(AUTHOR);
                    author.setName("Le Guin");
                    author.store();
                }))
                .hasMessageStartingWith("An outbox is stored in PostgreSQL only, and this is SQLITE;");
        assertThatThrownBy(there::start)
                .hasMessage("Durable hooks are stored in PostgreSQL only, and this is SQLITE; nothing was started");
        assertThat(titles()).isEmpty();
    }

    // ---------------------------------------------------------------- the store

    @Test
    void parcelThatCannotBeReadIsParkedAtOnceWithTheReason() {
        hooks().build();
        for (String text : List.of("no json", "{\"v\":2,\"seq\":1}", "{\"v\":1,\"seq\":1,\"tx\":{}}")) {
            database.dsl()
                    .execute(
                            "insert into hook_delivery (task_name, task_instance, task_data, execution_time, picked, version)"
                                    + " values ('index', ?, convert_to(?, 'UTF8'), now() - interval '1 hour', false, 1)",
                            text,
                            text);
        }
        node.start();
        Deliveries.drained(node);

        assertThat(calls).isEmpty();
        assertThat(node.parked())
                .hasSize(3)
                .allSatisfy(parked -> assertThat(parked.attempts()).isEqualTo(1));
        assertThat(node.parked()).extracting(ParkedDelivery::error).anyMatch(error -> error.contains("not the JSON"));
    }

    @Test
    void parcelOfAHookThatThisNodeDoesNotKnowWaitsForOneThatDoes() {
        DSLContext dsl = attach(hooks());
        dsl.transaction(tx -> store(tx, "Tehanu"));
        try (DbSchedulerDelivery other = DbSchedulerDelivery.on(database.pool(4), Deliveries.QUICK)) {
            DSLContext otherDsl = attach(CommitHooks.builder()
                    .durableCallback("other", (text, ctx) -> calls.add(text))
                    .durable(other));
            dsl.transaction(tx -> store(tx, "Lavinia"));
            otherDsl.transaction(tx -> CommitHooks.current(tx).handOver("other", "due after them"));
            other.start();
            Deliveries.drainedOf("other", database);
            assertThat(node.status().waiting()).isEqualTo(2);
            assertThat(database.dsl().fetch("select version from hook_delivery").intoSet(0, int.class))
                    .as("nobody touched them, not even for a moment")
                    .containsExactly(1);
            node.start();
            Deliveries.drained(node);
        }

        assertThat(titles()).containsExactly("Tehanu", "Lavinia");
        assertThat(calls).containsExactlyInAnyOrder("due after them", "Tehanu", "Lavinia");
    }

    @Test
    void hookThatWasRenamedGetsWhatIsStoredUnderItsFormerName() {
        attach(hooks()).transaction(tx -> store(tx, "Tehanu"));
        try (DbSchedulerDelivery renamed =
                DbSchedulerDelivery.on(database.pool(4), Deliveries.QUICK).renamedHook("index", "search-index")) {
            CommitHooks.builder()
                    .on(
                            BOOK,
                            HookOptions.durable("search-index"),
                            on -> on.afterCommitInsert((book, ctx) ->
                                    calls.add("renamed: " + book.row().getTitle())))
                    .durable(renamed)
                    .build();
            renamed.start();
            Deliveries.drained(renamed);
        }

        assertThat(calls).containsExactly("renamed: Tehanu");
    }

    @Test
    void startNeedsTheTableInThisVersionAndHooksToServe() {
        assertThatThrownBy(node::start).hasMessageContaining("serves no hooks yet");
        hooks().build();
        database.dsl().execute("comment on table hook_delivery is 'jooq-commit-hooks deliveries, version 0'");
        assertThatThrownBy(node::start)
                .hasMessageContaining("its comment is 'jooq-commit-hooks deliveries, version 0'; nothing was started");
        database.dsl().execute("drop view hook_delivery_status; drop table hook_delivery");
        assertThatThrownBy(node::start).hasMessageContaining("there is none; nothing was started");
    }

    // ---------------------------------------------------------------- observing

    @Test
    void observerSeesHandedOverDeliveredFailedAndParked() {
        List<String> seen = new CopyOnWriteArrayList<>();
        HookObserver observer = new HookObserver() {
            @Override
            public void handedOver(TransactionInfo transaction, String hook, int changes) {
                seen.add("handed over " + hook + " " + changes);
            }

            @Override
            public void delivered(DeliveryAttempt attempt, Duration duration) {
                seen.add("delivered " + attempt.hook() + " " + attempt.changes());
            }

            @Override
            public void deliveryFailed(DeliveryAttempt attempt, @Nullable Throwable failure, Instant next) {
                seen.add("failed " + attempt.hook() + " " + attempt.delivery().attempt() + " " + failure);
            }

            @Override
            public void parked(DeliveryAttempt attempt, @Nullable Throwable failure) {
                seen.add("parked " + attempt.hook() + " " + attempt.delivery().attempt());
            }
        };
        DSLContext dsl = attach(hooks().durableCallback("ship", (text, ctx) -> {
                    throw new IllegalStateException("no ship");
                })
                .observer(observer));
        node.start();

        dsl.transaction(tx -> {
            store(tx, "Tehanu");
            store(tx, "Lavinia");
            CommitHooks.current(tx).handOver("ship", "both");
        });
        Deliveries.drained(node);
        node.close(); // a parcel is parked in the table before observers are told

        String no = "java.lang.IllegalStateException: no ship";
        assertThat(seen)
                .containsExactlyInAnyOrder(
                        "handed over index 2",
                        "handed over ship 0",
                        "delivered index 2",
                        "failed ship 1 " + no,
                        "failed ship 2 " + no,
                        "failed ship 3 " + no,
                        "parked ship 4");
    }

    @Test
    void flightRecorderHasEachAttempt() throws Exception {
        Path file = Files.createTempFile("delivery", ".jfr");
        DSLContext dsl = attach(hooks().durableCallback("ship", (text, ctx) -> {
                    throw new IllegalStateException("no ship");
                })
                .observer(new FlightRecorderObserver()));
        try (Recording recording = new Recording()) {
            recording.enable("dev.commithooks.Delivery");
            recording.start();
            node.start();
            dsl.transaction(tx -> {
                store(tx, "Tehanu");
                CommitHooks.current(tx).handOver("ship", "it");
            });
            Deliveries.drained(node);
            node.close(); // a parcel is parked in the table before observers are told
            recording.stop();
            recording.dump(file);
        }

        assertThat(RecordingFile.readAllEvents(file))
                .filteredOn(event -> event.getEventType().getName().equals("dev.commithooks.Delivery"))
                .extracting(event ->
                        event.getString("hook") + " " + event.getInt("attempt") + " " + event.getString("outcome"))
                .containsExactlyInAnyOrder(
                        "index 1 DELIVERED", "ship 1 FAILED", "ship 2 FAILED", "ship 3 FAILED", "ship 4 PARKED");
        Files.delete(file);
    }

    // ---------------------------------------------------------------- at build

    @Test
    void whatCouldNeverBeDeliveredIsRefusedWhenItIsRegisteredOrBuilt() {
        assertThatThrownBy(() -> CommitHooks.builder()
                        .on(BOOK, HookOptions.durable("x"), on -> on.beforeCommitInsert((book, ctx) -> {})))
                .hasMessageContaining("Hook 'x' on public.book is durable and has no after method");
        assertThatThrownBy(() ->
                        hooks().on(AUTHOR, HookOptions.durable("index"), on -> on.afterCommitInsert((a, ctx) -> {})))
                .hasMessageContaining("Two durable hooks have the name 'index'");
        assertThatThrownBy(() -> hooks().durableCallback("index", (text, ctx) -> {}))
                .hasMessageContaining("Two durable hooks have the name 'index'");
        assertThatThrownBy(() -> CommitHooks.builder()
                        .on(BOOK, HookOptions.durable("x"), on -> on.afterCommitInsert((book, ctx) -> {}))
                        .build())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("Durable hooks [x] would never be called")
                .hasMessageContaining("durable(DbSchedulerDelivery.on(dataSource))");
        assertThatThrownBy(() -> OutboxTable.of(Odd.ODD)).hasMessageContaining("\"anything\"");
        assertThatThrownBy(() -> hooks().on(
                                Odd.ODD, HookOptions.durable("odd"), on -> on.afterCommitInsert((row, ctx) -> {}))
                        .build())
                .hasMessageStartingWith(
                        "Hook 'odd' on odd cannot be durable: values of [\"odd\".\"anything\"] have no form");
        assertThatThrownBy(() -> CommitHooks.builder()
                        .registerAll(new AfterCommitHooks<TableRecord<?>>() {}, HookOptions.durable("all")))
                .hasMessageContaining("cannot be durable for all tables");
        assertThatThrownBy(() -> HookOptions.durable(" ")).isInstanceOf(IllegalArgumentException.class);
        hooks().build();
        assertThatThrownBy(() -> hooks().build()).hasMessageContaining("serves commit hooks already");
    }

    /** A table with a column that jOOQ knows nothing of. */
    private static final class Odd extends TableImpl<Odd.Row> {

        static final Odd ODD = new Odd();

        private static final long serialVersionUID = 1L;

        Odd() {
            super(DSL.name("odd"));
            createField(DSL.name("anything"), SQLDataType.OTHER, this);
        }

        @Override
        public Class<Row> getRecordType() {
            return Row.class;
        }

        /** A row of it. */
        public static final class Row extends TableRecordImpl<Row> {

            private static final long serialVersionUID = 1L;

            /** jOOQ makes records by this constructor. */
            public Row() {
                super(ODD);
            }
        }
    }
}
