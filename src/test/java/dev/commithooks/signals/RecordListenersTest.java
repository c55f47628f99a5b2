package dev.commithooks.signals;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.signals.Stage.account;
import static dev.commithooks.signals.Stage.pay;
import static dev.commithooks.signals.Stage.store;
import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.OldRows;
import dev.commithooks.signals.Stage.Situation;
import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jooq.DSLContext;
import org.jooq.RecordContext;
import org.jooq.RecordListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What jOOQ tells a record listener, and what a hook is told. */
@Database
class RecordListenersTest {

    private static final String HEADING = "## jOOQ's record listeners";

    private static final String STATEMENT = "a row is written by dsl.update(..)";

    private static final Map<String, Situation> SITUATIONS = Map.of(
            "a record is stored",
            stage -> stage.dsl().transaction(tx -> store(tx, "ann")),
            "its transaction is rolled back",
            RecordListenersTest::rolledBack,
            "it is stored again after that",
            RecordListenersTest::storedAgain,
            "an update matches no row",
            RecordListenersTest::updateOfNothing,
            "a delete matches no row",
            RecordListenersTest::deleteOfNothing,
            "a batch of two fails at the second",
            RecordListenersTest::failingBatch,
            "a row is merged that was there",
            RecordListenersTest::merge,
            "a balance goes from 1 to 2",
            RecordListenersTest::update,
            STATEMENT,
            RecordListenersTest::statement,
            "a record of the outer DSLContext is stored in a transaction that throws",
            RecordListenersTest::outside);

    private final TestDatabase database;

    RecordListenersTest(TestDatabase database) {
        this.database = database;
    }

    static Stream<SignalLine> lines() {
        return SignalLine.under(HEADING);
    }

    @Test
    void pageTellsOfEachSituation() {
        SignalLine.tellsOfAll(HEADING, SITUATIONS.keySet());
    }

    @ParameterizedTest
    @MethodSource("lines")
    void happensAsThePageSays(SignalLine line) {
        Situation situation = Objects.requireNonNull(SITUATIONS.get(line.situation()));
        Listener listener = new Listener();
        Told told = new Told();
        CommitHooks hooks = CommitHooks.builder()
                .register(ACCOUNT, told)
                .oldRows(line.situation().equals(STATEMENT) ? OldRows.FROM_DATABASE : OldRows.FROM_RECORD)
                .build();

        String rows = Stage.rowsAfter(situation, database, plain -> plain.deriveAppending(listener));
        String rowsWithHooks = Stage.rowsAfter(situation, database, hooks::attachTo);

        assertThat(rowsWithHooks).isEqualTo(rows);
        assertThat(List.of(line.situation(), listener.heard(), rows, told.heard()))
                .isEqualTo(line.cells());
    }

    private static void rolledBack(Stage stage) {
        stage.dsl().transaction(tx -> {
            store(tx, "ann");
            throw new IllegalStateException("changed her mind");
        });
    }

    private static void storedAgain(Stage stage) {
        DSLContext dsl = stage.dsl();
        AccountRecord account = account(dsl, "ann");
        try {
            dsl.transaction(tx -> {
                account.attach(tx);
                account.store();
                throw new IllegalStateException("changed her mind");
            });
        } catch (IllegalStateException rolledBack) {
            dsl.transaction(tx -> {
                account.attach(tx);
                assertThat(account.store()).isZero();
            });
        }
    }

    private static AccountRecord gone(Stage stage, DSLContext dsl) throws SQLException {
        stage.elsewhere("insert into account (owner) values ('ann')");
        AccountRecord account = dsl.fetchSingle(ACCOUNT);
        stage.elsewhere("delete from account");
        return account;
    }

    private static void updateOfNothing(Stage stage) throws SQLException {
        pay(gone(stage, stage.dsl()), 5);
    }

    private static void deleteOfNothing(Stage stage) throws SQLException {
        gone(stage, stage.dsl()).delete();
    }

    private static void failingBatch(Stage stage) {
        stage.dsl().transaction(tx -> {
            AccountRecord bob = account(tx.dsl(), "bob");
            bob.setBalance(BigDecimal.valueOf(-1));
            tx.dsl().batchStore(account(tx.dsl(), "ann"), bob).execute();
        });
    }

    private static void merge(Stage stage) throws SQLException {
        stage.elsewhere("insert into account (owner, balance) values ('ann', 1)");
        AccountRecord account = account(stage.dsl(), "ann");
        account.setId(1L);
        account.setBalance(BigDecimal.valueOf(2));
        account.merge();
    }

    private static void update(Stage stage) throws SQLException {
        stage.elsewhere("insert into account (owner, balance) values ('ann', 1)");
        pay(stage.dsl().fetchSingle(ACCOUNT), 2);
    }

    private static void statement(Stage stage) throws SQLException {
        stage.elsewhere("insert into account (owner, balance) values ('ann', 1)");
        stage.dsl().update(ACCOUNT).set(ACCOUNT.BALANCE, BigDecimal.valueOf(2)).execute();
    }

    private static void outside(Stage stage) {
        DSLContext dsl = stage.dsl();
        dsl.transaction(tx -> {
            account(dsl, "ann").store();
            throw new IllegalStateException("changed her mind");
        });
    }

    /** Notes the writes that it is told of, and for an update what it could take for the old balance. */
    private static final class Listener implements RecordListener {

        private final List<String> heard = new ArrayList<>();

        @Override
        public void insertEnd(RecordContext ctx) {
            note("insertEnd", ctx);
        }

        @Override
        public void updateEnd(RecordContext ctx) {
            BigDecimal original = Objects.requireNonNull(ctx.record().original(ACCOUNT.BALANCE));
            note("updateEnd, original " + original.stripTrailingZeros().toPlainString(), ctx);
        }

        @Override
        public void deleteEnd(RecordContext ctx) {
            note("deleteEnd", ctx);
        }

        @Override
        public void mergeEnd(RecordContext ctx) {
            note("mergeEnd", ctx);
        }

        private void note(String event, RecordContext ctx) {
            heard.add(ctx.exception() == null ? event : event + " with an exception");
        }

        String heard() {
            return heard.isEmpty() ? "nothing" : String.join("; ", heard);
        }
    }
}
