package dev.commithooks.durable;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.bookshop.shop.tables.records.BookRecord;
import dev.commithooks.change.Change;
import dev.commithooks.change.Inserted;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.SilentDriver;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.hook.AfterCommitHooks;
import dev.commithooks.hook.HookContext;
import dev.commithooks.hook.HookOptions;
import dev.commithooks.hook.InDoubtHooks;
import dev.commithooks.transaction.Outcome;
import dev.commithooks.transaction.TransactionInDoubtException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.SQLException;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.conf.RenderQuotedNames;
import org.jooq.conf.Settings;
import org.jooq.impl.DSL;
import org.jooq.impl.DataSourceConnectionProvider;
import org.jooq.tools.jdbc.DefaultConnection;
import org.junit.jupiter.api.Test;

/** What cannot be handed over is rolled back, and where the outcome is in doubt the stored parcel decides. */
@Database
class HandOverFailuresTest extends OneNodeFixture {

    HandOverFailuresTest(TestDatabase database) {
        super(database);
    }

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
                new DataSourceConnectionProvider(database.pool(2)) {
                    @Override
                    public Connection acquire() { // a driver that is known would be refused before
                        return new SilentDriver(super.acquire());
                    }
                },
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
}
