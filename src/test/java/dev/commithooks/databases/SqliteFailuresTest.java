package dev.commithooks.databases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.transaction.TransactionAbortedException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.SQLiteConfig;

/** What a failed statement leaves on SQLite: all of the transaction, nothing of it, or a part of what the statement wrote. */
class SqliteFailuresTest {

    @TempDir
    Path folder;

    private Shop shop;

    @BeforeEach
    void open() {
        shop = SqliteTest.shop(folder, SQLiteConfig.JournalMode.WAL);
    }

    /** An error that rolls the whole transaction back leaves none open, and what comes next would be committed by itself. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "insert or rollback into author (id, name) values (1, 'Twin')",
                "insert into author (id, name) values (5, 'trigger')",
                "insert into strict (id) values (1)"
            })
    void swallowedErrorThatRollsBackIsNotCommitted(String failing) {
        shop.execute(
                "create table strict (id int unique on conflict rollback)",
                "insert into strict values (1)",
                "create trigger strict_author before insert on author when new.name = 'trigger'"
                        + " begin select raise(rollback, 'no'); end");

        assertThatThrownBy(() -> shop.dsl.transaction(tx -> {
                    shop.author(tx.dsl(), 1, "Ann").store();
                    assertThatThrownBy(() -> tx.dsl().execute(failing)).isInstanceOf(DataAccessException.class);
                    shop.author(tx.dsl(), 2, "Bob").store();
                    assertThat(shop.rows()).isEmpty();
                }))
                .isInstanceOf(TransactionAbortedException.class)
                .hasMessageContaining("IS rolled back");

        assertThat(shop.told.drain())
                .containsExactlyInAnyOrder("failed COMMIT insert author[1]", "failed COMMIT insert author[2]");
        assertThat(shop.rows()).isEmpty();
    }

    @Test
    void errorThatIsSwallowedOnTheConnectionIsSeenToo() {
        assertThatThrownBy(() -> shop.dsl.transaction(tx -> {
                    shop.author(tx.dsl(), 1, "Ann").store();
                    tx.dsl().connection(connection -> {
                        try (Statement statement = connection.createStatement()) {
                            assertThatThrownBy(() -> statement.executeUpdate(
                                            "insert or rollback into author (id, name) values (1, 'Twin')"))
                                    .isInstanceOf(SQLException.class);
                        }
                    });
                    shop.author(tx.dsl(), 2, "Bob").store();
                }))
                .isInstanceOf(TransactionAbortedException.class);

        assertThat(shop.told.drain())
                .containsExactlyInAnyOrder("failed COMMIT insert author[1]", "failed COMMIT insert author[2]");
        assertThat(shop.rows()).isEmpty();
    }

    /** OR FAIL, ON CONFLICT FAIL and RAISE(FAIL) keep the rows before the one that fails, and nobody says which those are. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "insert or fail into author (id, name) values (21, 'kept'), (1, 'twin')",
                "insert into author (id, name) values (21, 'kept'), (22, 'trigger')",
                "update or fail author set id = case id when 1 then 9 else 9 end",
            })
    void rowsThatAFailedStatementKeepsAreNotCommitted(String failing) {
        shop.execute("create trigger strict_author before insert on author when new.name = 'trigger'"
                + " begin select raise(fail, 'no'); end");

        assertThatThrownBy(() -> shop.dsl.transaction(tx -> {
                    shop.author(tx.dsl(), 1, "Ann").store();
                    shop.author(tx.dsl(), 2, "Bob").store();
                    assertThatThrownBy(() -> tx.dsl().execute(failing)).isInstanceOf(DataAccessException.class);
                }))
                .isInstanceOf(TransactionAbortedException.class)
                .hasMessageContaining("IS rolled back");

        assertThat(shop.told.drain())
                .containsExactlyInAnyOrder("failed COMMIT insert author[1]", "failed COMMIT insert author[2]");
        assertThat(shop.rows()).isEmpty();
    }

    @Test
    void statementThatFailedAndKeptNothingIsNoMatter() {
        shop.dsl.transaction(tx -> {
            shop.author(tx.dsl(), 1, "Ann").store();
            assertThatThrownBy(
                            () -> tx.dsl().execute("insert into author (id, name) values (21, 'undone'), (1, 'twin')"))
                    .isInstanceOf(DataAccessException.class);
            assertThatThrownBy(() ->
                            tx.dsl().execute("insert or fail into author (id, name) values (1, 'twin'), (21, 'never')"))
                    .isInstanceOf(DataAccessException.class);
        });

        assertThat(shop.told.drain()).containsExactly("before insert author[1]", "after insert author[1]");
        assertThat(shop.rows()).containsExactly("Ann");
    }

    /** A trigger that fails once the record's row is written leaves it. */
    @Test
    void rowThatARecordsFailedStatementKeepsIsNotCommitted() {
        shop.execute("create trigger strict_author after insert on author when new.name = 'trigger'"
                + " begin select raise(fail, 'no'); end");

        assertThatThrownBy(() -> shop.dsl.transaction(tx -> {
                    shop.author(tx.dsl(), 1, "Ann").store();
                    assertThatThrownBy(() -> shop.author(tx.dsl(), 2, "trigger").store())
                            .isInstanceOf(DataAccessException.class);
                }))
                .isInstanceOf(TransactionAbortedException.class);

        assertThat(shop.told.drain()).allMatch(event -> event.startsWith("failed"));
        assertThat(shop.rows()).isEmpty();
    }

    /** The driver does not tell the count of executeUpdate a second time. */
    @Test
    void recordStoredOutsideTransactionsIsGivenOneWithItsBeforeHooks() {
        AuthorRecord ann = shop.author(shop.dsl, 1, "Ann");
        ann.store();
        ann.setName("Anna");
        ann.store();
        shop.author(shop.dsl, 2, "Bob").store();
        ann.delete();

        assertThat(shop.told.drain())
                .containsExactly(
                        "before insert author[1]",
                        "after insert author[1]",
                        "before update author[1]",
                        "after update author[1]",
                        "before insert author[2]",
                        "after insert author[2]",
                        "before delete author[1]",
                        "after delete author[1]");
        assertThat(shop.rows()).containsExactly("Bob");
    }
}
