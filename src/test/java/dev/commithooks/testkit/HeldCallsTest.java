package dev.commithooks.testkit;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.testkit.ShopApplication.author;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.hook.HookOptions;
import dev.commithooks.testing.CaptureMode;
import dev.commithooks.testing.Finding;
import dev.commithooks.testing.Finding.Kind;
import dev.commithooks.testing.HeldCalls;
import dev.commithooks.testing.HeldCalls.HeldCall;
import dev.commithooks.testing.HookJournal;
import dev.commithooks.testing.LeftBehindError;
import dev.commithooks.testing.RolledBackDatabase;
import dev.commithooks.testing.TestTransaction;
import java.util.ArrayList;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** After hooks that a test holds back: called when it says so, with what they would have been called with. */
@Database
@NeedsRealCommits("brings an outer transaction of its own")
class HeldCallsTest {

    private final RolledBackDatabase rolledBack;
    private final HookJournal journal = new HookJournal();
    private final List<String> mails = new ArrayList<>();
    private final DSLContext dsl;
    private final TestTransaction test;

    HeldCallsTest(TestDatabase database) {
        rolledBack = RolledBackDatabase.over(database.realDataSource());
        test = rolledBack.begin("test").watch(journal);
        dsl = journal.installIn(CommitHooks.builder()
                        .on(
                                AUTHOR,
                                HookOptions.named("mail"),
                                on -> on.beforeCommitInsert((author, ctx) -> mails.add(
                                                "before " + author.row().getName()))
                                        .afterCommitInsert((author, ctx) -> {
                                            if (author.row().getName().startsWith("bad")) {
                                                throw new IllegalStateException(
                                                        author.row().getName());
                                            }
                                            mails.add(author.row().getName() + " of "
                                                    + ctx.dsl().fetchCount(AUTHOR) + " "
                                                    + ctx.outcome().orElseThrow());
                                        })
                                        .failedCommitInsert((author, ctx) -> mails.add(
                                                "failed " + author.row().getName()))))
                .build()
                .attachTo(DSL.using(rolledBack.dataSource(), SQLDialect.POSTGRES));
    }

    @AfterEach
    void end() {
        test.close();
    }

    private void publish(String... names) {
        dsl.transaction(tx -> {
            for (String name : names) {
                author(tx.dsl(), name);
            }
            CommitHooks.current(tx).onCommit(() -> mails.add("committed"));
        });
    }

    @Test
    void areCalledWhenTheTestSaysSoOnTheDatabaseAsItIsThen() throws Exception {
        try (HeldCalls held = journal.hold()) {
            publish("Le Guin");
            assertThat(mails).containsExactly("before Le Guin");
            assertThat(dsl.fetchCount(AUTHOR)).isEqualTo(1);
            assertThat(journal.after(AUTHOR).isEmpty()).isTrue();
            publish("Wolfe");

            held.deliver();

            assertThat(mails)
                    .containsExactly(
                            "before Le Guin",
                            "before Wolfe",
                            "Le Guin of 2 COMMITTED",
                            "committed",
                            "Wolfe of 2 COMMITTED",
                            "committed");
            assertThat(journal.after(AUTHOR).inserted()).hasSize(2);
            assertThat(held.waiting()).isEmpty();
        }
        publish("Delany");
        assertThat(mails).endsWith("Delany of 3 COMMITTED", "committed");
    }

    @Test
    void inWhateverOrderAndNotAllOfThem() throws Exception {
        try (HeldCalls held = journal.hold()) {
            publish("one", "two");
            List<HeldCall> calls = held.waiting();
            assertThat(calls)
                    .extracting(waiting -> waiting.call().method())
                    .containsExactly("afterCommitInsert", "afterCommitInsert", "onCommit");
            mails.clear();

            calls.get(2).deliver();
            calls.get(1).deliver();
            calls.get(0).drop();

            assertThat(mails).containsExactly("committed", "two of 2 COMMITTED");
            assertThatThrownBy(() -> calls.get(1).deliver())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("afterCommitInsert 'mail' insert public.author(")
                    .hasMessageContaining("cannot be delivered: it was delivered or dropped before");
            assertThatThrownBy(() -> calls.get(0).drop()).isInstanceOf(IllegalStateException.class);
        }
        assertThat(journal.after(AUTHOR).inserted())
                .extracting(author -> author.row().getName())
                .containsExactly("two");
    }

    /** The caller's rows stay committed, and another thread may be the one that calls. */
    @Test
    void whatTheyThrowIsThrownByTheDelivery() throws Exception {
        try (HeldCalls held = journal.hold()) {
            publish("bad one", "good", "bad two");

            assertThatThrownBy(held::deliver)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("bad one")
                    .satisfies(e -> assertThat(e.getSuppressed())
                            .extracting(Throwable::getMessage)
                            .containsExactly("bad two"));

            assertThat(mails).endsWith("good of 3 COMMITTED", "committed");
            assertThat(journal.failures())
                    .extracting(call -> call.failure().orElseThrow().getMessage())
                    .containsExactly("bad one", "bad two");
        }
    }

    @Test
    void failedHooksAreNotHeldBack() throws Exception {
        try (HeldCalls held = journal.hold()) {
            test.faults().failNextCommit("40001");
            assertThatThrownBy(() -> publish("Le Guin")).isInstanceOf(org.jooq.exception.DataAccessException.class);
            assertThat(held.waiting()).isEmpty();
        }
        assertThat(mails).containsExactly("before Le Guin", "failed Le Guin");
    }

    @Test
    void whatIsDroppedIsAsIfTheProcessHadDied() throws Exception {
        try (HeldCalls held = journal.hold()) {
            publish("Le Guin");
            held.drop();
        }
        assertThat(mails).containsExactly("before Le Guin");
        assertThat(dsl.fetchCount(AUTHOR)).isEqualTo(1);
    }

    @Test
    void nothingIsLostInSilence() {
        HeldCalls forgotten = journal.hold();
        publish("Le Guin");
        assertThat(forgotten.toString()).startsWith("held back:\n  afterCommitInsert");
        assertThat(journal.toString()).contains("beforeCommitInsert 'mail' insert", "held back:");

        assertThatThrownBy(test::close)
                .isInstanceOfSatisfying(
                        LeftBehindError.class,
                        e -> assertThat(e.findings())
                                .extracting(Finding::kind)
                                .containsExactly(Kind.HELD_CALL, Kind.HELD_CALL))
                .hasMessageContaining("afterCommitInsert 'mail' insert public.author(id=")
                .hasMessageContaining("onCommit callback was held back, and was neither delivered nor dropped");
        assertThat(forgotten.waiting()).isEmpty();
    }

    @Test
    void closingDoesNotLoseThemEither() {
        assertThatThrownBy(() -> {
                    try (HeldCalls held = journal.hold()) {
                        assertThat(held.waiting()).isEmpty();
                        publish("Le Guin");
                    }
                })
                .isInstanceOf(LeftBehindError.class)
                .hasMessageStartingWith("Holding back left something behind:")
                .hasMessageContaining("HELD_CALL: afterCommitInsert 'mail'");
        assertThat(mails).containsExactly("before Le Guin");
    }

    @Test
    void whatAHeldHookWritesHasHooksThatAreHeldToo() throws Exception {
        HookJournal own = new HookJournal();
        DSLContext chained = own.installIn(CommitHooks.builder()
                        .on(
                                AUTHOR,
                                on -> on.afterCommitInsert((author, ctx) -> {
                                    if (author.row().getName().length() < 3) {
                                        ctx.dsl()
                                                .transaction(tx -> author(
                                                        tx.dsl(), author.row().getName() + "+"));
                                    }
                                })))
                .build()
                .attachTo(DSL.using(rolledBack.dataSource(), SQLDialect.POSTGRES));
        try (HeldCalls held = own.hold()) {
            chained.transaction(tx -> author(tx.dsl(), "a"));
            held.waiting().get(0).deliver();
            assertThat(held.waiting()).singleElement().asString().contains("name=a+");
            held.deliver();
        }
        assertThat(chained.fetchValues(AUTHOR.NAME)).containsExactlyInAnyOrder("a", "a+", "a++");
    }

    /** The connection of the statement is closed when the call is delivered. */
    @Test
    void ofAStatementOutsideOfTransactionsTheyWorkOnTheDatabaseToo() throws Exception {
        HookJournal own = new HookJournal();
        DSLContext outside = own.installIn(CommitHooks.builder()
                        .on(
                                AUTHOR,
                                on -> on.afterCommitInsert((author, ctx) -> {
                                    mails.add(author.row().getName() + ctx.dsl().fetchCount(AUTHOR));
                                    if (author.row().getName().length() < 3) {
                                        author(ctx.dsl(), author.row().getName() + "+");
                                    }
                                })))
                .build()
                .attachTo(DSL.using(rolledBack.dataSource(), SQLDialect.POSTGRES));
        try (HeldCalls held = own.hold()) {
            author(outside, "a");
            held.deliver();
        }
        assertThat(mails).containsExactly("a1", "a+2", "a++3");
        assertThat(outside.fetchCount(AUTHOR)).isEqualTo(3);
    }

    @Test
    void capturedOnlyTheyAreNotCalled() throws Exception {
        publish("before");
        mails.clear();

        HookJournal captured = journal.capture(CaptureMode.ONLY_CAPTURE, () -> publish("Le Guin"));

        assertThat(mails).containsExactly("before Le Guin");
        assertThat(captured.calls())
                .extracting(HookJournal.Call::method)
                .containsExactly("beforeCommitInsert", "afterCommitInsert", "onCommit");
        assertThat(captured.after(AUTHOR).inserted()).hasSize(1);
        assertThat(journal.after(AUTHOR).inserted()).hasSize(1);
        publish("after");
        assertThat(mails).endsWith("after of 3 COMMITTED", "committed");
        assertThat(dsl.fetchCount(AUTHOR)).isEqualTo(3);
    }

    @Test
    void capturedAndRunTheyAreInBothJournals() throws Exception {
        publish("before");
        HookJournal captured = journal.capture(CaptureMode.RUN, () -> {
            publish("Le Guin");
            journal.clear();
        });

        assertThat(mails).endsWith("Le Guin of 2 COMMITTED", "committed");
        assertThat(captured.callbacks()).containsExactly("onCommit");
        assertThat(journal.isEmpty()).isTrue();
    }

    @Test
    void misuseIsRefused() {
        try (HeldCalls held = journal.hold()) {
            assertThatThrownBy(journal::hold).hasMessageContaining("holds hooks back already");
            assertThat(held.toString()).isEqualTo("nothing is held back");
        }
        HookJournal observes = new HookJournal();
        assertThatThrownBy(observes::hold).hasMessageContaining("is installed in no hooks");
        author(
                CommitHooks.builder()
                        .on(AUTHOR, on -> on.afterCommitInsert((author, ctx) -> {}))
                        .observer(observes)
                        .build()
                        .attachTo(DSL.using(rolledBack.dataSource(), SQLDialect.POSTGRES)),
                "a");
        assertThatThrownBy(observes::hold).hasMessageContaining("only observes");
    }
}
