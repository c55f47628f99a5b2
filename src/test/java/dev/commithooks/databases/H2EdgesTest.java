package dev.commithooks.databases;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.transaction.TransactionAbortedException;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What H2 commits or keeps without being asked to. */
class H2EdgesTest {

    private final Shop shop = H2Test.made();

    @AfterEach
    void close() {
        shop.execute("shutdown immediately");
    }

    /** EXECUTE IMMEDIATE does what its text says; SCRIPT, which reads, commits. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "execute immediate 'create table another (id int)'",
                "execute immediate 'commit'",
                "execute immediate 'insert into author (id, name) values (9, ''more'')'",
                "checkpoint",
                "script",
            })
    void rowsBeforeWhatMayCommitAreTold(String statement) {
        assertThatThrownBy(() -> shop.dsl.transaction(tx -> {
                    shop.author(tx.dsl(), 1, "Ann").store();
                    tx.dsl().execute(statement);
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");

        assertThat(shop.told.drain())
                .containsExactly(shop.rows().isEmpty() ? "failed WORK insert author[1]" : "in doubt insert author[1]");
    }

    /** A query that reads what a statement inside of it writes is not undone when that fails half way. */
    @Test
    void rowsThatAFailedStatementKeepsAreNotCommitted() {
        assertThatThrownBy(() -> shop.dsl.transaction(tx -> {
                    shop.author(tx.dsl(), 1, "Ann").store();
                    assertThatThrownBy(() -> tx.dsl()
                                    .insertInto(AUTHOR, AUTHOR.ID, AUTHOR.NAME)
                                    .values(2L, "kept")
                                    .values(1L, "twin")
                                    .returning()
                                    .fetch())
                            .isInstanceOf(DataAccessException.class);
                    assertThat(tx.dsl().fetchCount(DSL.table("author"))).isEqualTo(2);
                }))
                .isInstanceOf(TransactionAbortedException.class)
                .hasMessageContaining("IS rolled back");

        assertThat(shop.told.drain()).containsExactly("failed COMMIT insert author[1]");
        assertThat(shop.rows()).isEmpty();
    }

    @Test
    void statementOfOneRowThatFailedKeptNothing() {
        shop.dsl.transaction(tx -> {
            shop.author(tx.dsl(), 1, "Ann").store();
            assertThatThrownBy(() -> tx.dsl()
                            .insertInto(AUTHOR, AUTHOR.ID, AUTHOR.NAME)
                            .values(1L, "twin")
                            .returning()
                            .fetch())
                    .isInstanceOf(DataAccessException.class);
        });

        assertThat(shop.told.drain()).containsExactly("before insert author[1]", "after insert author[1]");
        assertThat(shop.rows()).containsExactly("Ann");
    }
}
