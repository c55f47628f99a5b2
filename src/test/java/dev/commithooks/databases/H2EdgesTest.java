package dev.commithooks.databases;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.transaction.TransactionAbortedException;
import java.util.ArrayList;
import java.util.List;
import org.jooq.DSLContext;
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
        createRefusingTrigger();
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

    /** A foreign key and an AFTER trigger are looked at when the row is written, and no query undoes it. */
    @ParameterizedTest
    @ValueSource(strings = {"stranger", "refused"})
    void rowThatIsWrittenBeforeItsStatementFailsIsNotCommitted(String name) {
        refuseStrangers();
        createRefusingTrigger();

        assertThatThrownBy(() -> shop.dsl.transaction(tx -> {
                    shop.author(tx.dsl(), 1, "Ann").store();
                    assertThatThrownBy(() -> shop.author(tx.dsl(), name.equals("refused") ? 2 : 9, name)
                                    .store())
                            .isInstanceOf(DataAccessException.class);
                }))
                .isInstanceOf(TransactionAbortedException.class)
                .hasMessageContaining("IS rolled back");

        assertThat(shop.told.drain()).containsExactly("failed COMMIT insert author[1]");
        assertThat(shop.rows()).isEmpty();
    }

    /** With plain jOOQ it is committed. */
    @Test
    void rowOfAFailedStatementByItselfIsInDoubt() {
        refuseStrangers();
        List<String> told = new ArrayList<>();
        DSLContext dsl = CommitHooks.builder()
                .on(
                        AUTHOR,
                        on -> on.failedCommitInsert((author, ctx) ->
                                        told.add("failed " + author.row().getName()))
                                .inDoubt((change, ctx) -> told.add(
                                        "in doubt " + change.key().orElseThrow().values())))
                .build()
                .attachTo(shop.plain());

        assertThatThrownBy(() -> shop.author(dsl, 9, "stranger").store()).isInstanceOf(DataAccessException.class);
        assertThatThrownBy(() -> shop.author(dsl, 9, "twin").store()).isInstanceOf(DataAccessException.class);

        assertThat(shop.rows()).containsExactly("stranger");
        assertThat(told).containsExactly("in doubt [9]", "failed twin");
    }

    private void createRefusingTrigger() {
        shop.execute("create trigger refusing after insert on author for each row call '"
                + H2Routines.Refusing.class.getName() + "'");
    }

    private void refuseStrangers() {
        shop.execute(
                "create table person (id bigint primary key)",
                "insert into person values (1), (2)",
                "alter table author add foreign key (id) references person (id)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "call ending()",
                "call undoing()",
                "call goingOn()",
                "select goingOn()",
                "update other set id = goingOn()"
            })
    void rowsBeforeARoutineThatEndsTheTransactionAreInDoubt(String call) {
        H2Routines.create(shop);
        shop.execute("insert into other values (1)");
        List<String> rows = new ArrayList<>();

        assertThatThrownBy(() -> shop.dsl.transaction(tx -> {
                    shop.author(tx.dsl(), 1, "Ann").store();
                    tx.dsl().execute(call);
                    rows.addAll(shop.rows());
                    shop.author(tx.dsl(), 2, "Bob").store();
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");

        assertThat(shop.rows()).isEqualTo(rows).isEqualTo(call.contains("undoing") ? List.of() : List.of("Ann"));
        assertThat(shop.told.drain()).containsExactly("in doubt insert author[1]", "failed WORK insert author[2]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"call harmless()", "select harmless()"})
    void rowsBeforeARoutineThatWritesHaveFailed(String call) {
        H2Routines.create(shop);

        assertThatThrownBy(() -> shop.dsl.transaction(tx -> {
                    shop.author(tx.dsl(), 1, "Ann").store();
                    tx.dsl().execute(call);
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");

        assertThat(shop.told.drain()).containsExactly("failed WORK insert author[1]");
        assertThat(shop.rows()).isEmpty();
    }

    /** A transaction in which nothing is changed any more has no number. */
    @Test
    void rowsAfterASavepointThatUndidAllAreCommitted() {
        shop.dsl.transaction(tx -> {
            assertThatThrownBy(() -> tx.dsl().transaction(nested -> {
                        shop.author(nested.dsl(), 1, "Ann").store();
                        nested.dsl().fetch("select * from author");
                        throw new IllegalStateException("no");
                    }))
                    .hasMessage("no");
            tx.dsl().execute("savepoint mine");
            shop.author(tx.dsl(), 2, "Bob").store();
            tx.dsl().fetch("select * from author");
            tx.dsl().execute("rollback to savepoint mine");
            tx.dsl().fetch("select * from author");
            shop.author(tx.dsl(), 3, "Cid").store();
        });

        assertThat(shop.told.drain())
                .containsExactly(
                        "failed SAVEPOINT insert author[1]",
                        "failed SAVEPOINT insert author[2]",
                        "before insert author[3]",
                        "after insert author[3]");
        assertThat(shop.rows()).containsExactly("Cid");
    }
}
