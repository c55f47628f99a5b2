package dev.commithooks.testing;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static dev.commithooks.bookshop.shop.Tables.PARCEL;
import static dev.commithooks.bookshop.shop.Tables.REVIEW;
import static dev.commithooks.bookshop.shop.Tables.SALE;
import static dev.commithooks.bookshop.warehouse.Tables.STOCK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.zaxxer.hikari.HikariDataSource;
import dev.commithooks.testing.JournalEntry.Operation;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

@Database
class TestDatabaseTest {

    private final TestDatabase database;
    private final DSLContext dsl;

    TestDatabaseTest(TestDatabase database) {
        this.database = database;
        this.dsl = database.dsl();
    }

    @Test
    void journalTellsWhatCommittedTransactionsWroteInOrder() {
        dsl.transaction(tx -> {
            var author = tx.dsl().newRecord(AUTHOR);
            author.setName("Ursula");
            author.store();
            author.setName("Ursula K. Le Guin");
            author.store();
            author.delete();
        });

        assertThat(database.journal())
                .extracting(JournalEntry::operation, JournalEntry::schema, JournalEntry::table, e -> e.value("name"))
                .containsExactly(
                        tuple(Operation.INSERT, "public", "author", "Ursula"),
                        tuple(Operation.UPDATE, "public", "author", "Ursula K. Le Guin"),
                        tuple(Operation.DELETE, "public", "author", "Ursula K. Le Guin"));
        assertThat(database.journal())
                .extracting(JournalEntry::txid)
                .containsOnly(database.journal().get(0).txid());
    }

    @Test
    void journalForgetsWhatWasRolledBack() {
        dsl.transaction(tx -> {
            tx.dsl().insertInto(AUTHOR).set(AUTHOR.NAME, "kept").execute();
            assertThatThrownBy(() -> tx.dsl().transaction(savepoint -> {
                        savepoint
                                .dsl()
                                .insertInto(AUTHOR)
                                .set(AUTHOR.NAME, "lost")
                                .execute();
                        throw new IllegalStateException("undo");
                    }))
                    .hasMessage("undo");
        });

        assertThat(database.journal()).extracting(e -> e.value("name")).containsExactly("kept");
    }

    @Test
    void journalNamesThePartitionedTableAndTheSchema() {
        dsl.insertInto(SALE)
                .values(LocalDate.of(2024, 2, 29), 1, "978", BigDecimal.TEN)
                .execute();
        dsl.insertInto(STOCK).set(STOCK.ISBN, "978").set(STOCK.BIN, "A1").execute();

        assertThat(database.journal())
                .extracting(JournalEntry::schema, JournalEntry::table)
                .containsExactly(tuple("public", "sale"), tuple("warehouse", "stock"));
    }

    @Test
    void resetEmptiesTablesAndRestartsIdentities() {
        dsl.insertInto(AUTHOR).set(AUTHOR.NAME, "first").execute();
        dsl.insertInto(PARCEL).set(PARCEL.LABEL, "alter swallow").execute();

        database.reset();

        assertThat(dsl.fetchCount(PARCEL)).isZero();
        assertThat(database.journal()).isEmpty();
        assertThat(dsl.insertInto(AUTHOR)
                        .set(AUTHOR.NAME, "first again")
                        .returning()
                        .fetchOne(AUTHOR.ID))
                .isEqualTo(1);
    }

    @Test
    void parcelsAreSwallowedAndAltered() {
        assertThat(dsl.insertInto(PARCEL).set(PARCEL.LABEL, "swallow").execute())
                .isZero();
        assertThat(dsl.insertInto(PARCEL).set(PARCEL.LABEL, "alter swallow").execute())
                .isOne();
        assertThat(dsl.update(PARCEL).set(PARCEL.WEIGHT, 5).execute()).isZero();
        assertThat(dsl.deleteFrom(PARCEL).execute()).isZero();
        assertThat(dsl.fetchOne(PARCEL)).returns("swallow", parcel -> parcel.getLabel());
    }

    @Test
    void reviewsAreCheckedByCommit() {
        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    var review = tx.dsl().newRecord(REVIEW);
                    review.setBookId(4711L);
                    review.setRating((short) 5);
                    assertThat(review.store()).isOne();
                }))
                .isInstanceOfSatisfying(
                        DataAccessException.class, e -> assertThat(e.sqlState()).isEqualTo("23503"));
        assertThat(database.journal()).isEmpty();
    }

    @Test
    void booksCountTheirVersions() {
        var book = dsl.newRecord(BOOK);
        book.setTitle("The Dispossessed");
        book.store();
        book.setStatus("published");
        book.store();

        assertThat(book.getVersion()).isEqualTo(2);
    }

    @Test
    void openTransactionIsALeftover() throws SQLException {
        try (Connection connection = database.simpleDataSource().getConnection()) {
            connection.setAutoCommit(false);
            connection.createStatement().execute("insert into author (name) values ('half done')");

            assertThat(database.leftovers(Duration.ZERO))
                    .singleElement()
                    .asString()
                    .contains("idle in transaction", "insert into author (name) values ('half done')");
        }
        assertThat(database.leftovers(Duration.ofSeconds(2))).isEmpty();
    }

    @Test
    void preparedTransactionIsALeftover() throws SQLException {
        assumeTrue(!"0".equals(dsl.fetchValue("show max_prepared_transactions")), "the server allows them");
        try (Connection connection = database.simpleDataSource().getConnection()) {
            connection.setAutoCommit(false);
            connection.createStatement().execute("insert into author (name) values ('half done')");
            connection.createStatement().execute("prepare transaction 'second half'");
        }
        assertThat(database.leftovers(Duration.ZERO)).containsExactly("prepared transaction second half");
        database.reset();
    }

    @Test
    void borrowedConnectionIsALeftover() throws SQLException {
        HikariDataSource pool = database.pool(2);
        try (Connection borrowed = pool.getConnection()) {
            assertThat(borrowed.isValid(1)).isTrue();
            assertThat(database.leftovers(Duration.ZERO))
                    .singleElement()
                    .asString()
                    .contains("1 connection(s) not given back");
        }
        assertThat(database.leftovers(Duration.ofSeconds(2))).isEmpty();
    }

    @Test
    void changedAutoCommitIsALeftover() throws SQLException {
        HikariDataSource pool = database.pool(2);
        try (Connection connection = pool.getConnection()) {
            ((Connection) connection.unwrap(PGConnection.class)).setAutoCommit(false);
        }
        assertThat(database.leftovers(Duration.ZERO))
                .singleElement()
                .asString()
                .contains("autocommit false, the pool true");
        database.closePoolsOfThisTest();
    }

    @Test
    void poolMayHandOutManualCommitConnections() {
        HikariDataSource pool = database.pool(1, config -> {
            config.setAutoCommit(false);
            return config;
        });
        DSL.using(pool, SQLDialect.POSTGRES).transaction(tx -> tx.dsl().fetchCount(AUTHOR));

        assertThat(database.leftovers(Duration.ofSeconds(2))).isEmpty();
    }

    @Test
    void ownServerKeepsCommittedRowsWhenItCrashes() {
        try (OwnServer server = OwnServer.launch();
                TestDatabase own = server.createDatabase()) {
            int port = server.port();
            own.dsl().insertInto(AUTHOR).set(AUTHOR.NAME, "durable").execute();

            server.crash();
            assertThatThrownBy(() -> own.dsl().fetchCount(AUTHOR)).isInstanceOf(DataAccessException.class);
            server.restart();

            assertThat(server.port()).isEqualTo(port);
            assertThat(own.journal()).extracting(e -> e.value("name")).containsExactly("durable");
            assertThat(own.name()).isNotEqualTo(database.name());
        }
    }

    @Nested
    class InsideANestedClass {
        @Test
        void databaseIsTheOuterOne(TestDatabase injected) {
            assertThat(injected).isSameAs(database);
        }
    }
}
