package dev.commithooks.durable;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.hook.AfterCommitHooks;
import dev.commithooks.hook.HookOptions;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.TableRecord;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.jooq.impl.TableImpl;
import org.jooq.impl.TableRecordImpl;
import org.junit.jupiter.api.Test;

/** Parcels that a node cannot read, does not know or knows by a former name, and tables that are not ours. */
@Database
class StoredParcelsTest extends OneNodeFixture {

    StoredParcelsTest(TestDatabase database) {
        super(database);
    }

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
