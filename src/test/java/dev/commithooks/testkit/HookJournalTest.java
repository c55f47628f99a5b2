package dev.commithooks.testkit;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static dev.commithooks.testkit.ShopApplication.author;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.Transactions;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.hook.HookOptions;
import dev.commithooks.policy.AfterCommitErrors;
import dev.commithooks.policy.BucketMode;
import dev.commithooks.testing.HookJournal;
import org.jooq.DSLContext;
import org.junit.jupiter.api.Test;

/** The journal as assertions read it, and as people read it when one fails. */
@Database
class HookJournalTest {

    private final HookJournal journal = new HookJournal();
    private final DSLContext dsl;

    HookJournalTest(TestDatabase database) {
        dsl = journal.installIn(CommitHooks.builder()
                        .buckets(BucketMode.EVERY)
                        .afterCommitErrors(AfterCommitErrors.LOG)
                        .on(
                                AUTHOR,
                                on -> on.afterCommitInsert((author, ctx) -> {
                                            if (author.row().getName().equals("bad")) {
                                                throw new IllegalStateException("no mail");
                                            }
                                        })
                                        .afterCommitUpdate((author, ctx) -> {})
                                        .failedCommitInsert((author, ctx) -> {}))
                        .on(AUTHOR, on -> on.afterCommitInsert((author, ctx) -> {}))
                        .on(AUTHOR, HookOptions.named("set"), on -> on.afterCommit((authors, ctx) -> {})))
                .build()
                .attachTo(database.dsl());
    }

    /** Two of the hooks have the same name, that of this class: they cannot be told apart by it. */
    @Test
    void eachChangeIsThereOnceHoweverManyHooksAreToldOfIt() {
        author(dsl, "one");
        dsl.transaction(tx -> {
            author(tx.dsl(), "two");
            var author = tx.dsl().fetchSingle(AUTHOR, AUTHOR.NAME.eq("two"));
            author.setName("three");
            author.store();
            author.setName("two");
            author.store();
            author.setName("three");
            author.store();
        });

        assertThat(journal.after(AUTHOR).inserted())
                .extracting(author -> author.row().getName())
                .containsExactly("one", "two");
        assertThat(journal.after(AUTHOR).updated())
                .as("the same update twice is two")
                .extracting(author -> author.row().getName())
                .containsExactly("three", "two", "three");
        assertThat(journal.calls())
                .extracting(HookJournal.Call::hook)
                .filteredOn("set"::equals)
                .hasSize(2);
        assertThat(journal.after(BOOK).isEmpty()).isTrue();
        assertThat(journal.before(AUTHOR).isEmpty()).isTrue();
    }

    @Test
    void printedItIsAListToRead() {
        Transactions.with(dsl).name("checkout").run(tx -> {
            author(tx.dsl(), "bad");
            CommitHooks.current(tx).onCommit(() -> {});
        });
        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    author(tx.dsl(), "gone");
                    throw new IllegalStateException("on purpose");
                }))
                .hasMessage("on purpose");

        assertThat(journal.toString().replaceAll("transaction \\S+", "transaction …"))
                .isEqualTo("""
                        transaction … 'checkout'
                          afterCommitInsert 'lambda in HookJournalTest' insert public.author(id=1, name=bad) threw java.lang.IllegalStateException: no mail
                          afterCommitInsert 'lambda in HookJournalTest' insert public.author(id=1, name=bad)
                          afterCommit 'set' insert public.author(id=1, name=bad)
                          onCommit callback
                        transaction …
                          failedCommitInsert 'lambda in HookJournalTest' insert public.author(id=2, name=gone)
                        """);
        assertThat(journal.failures())
                .singleElement()
                .satisfies(call -> assertThat(call.failure().orElseThrow()).hasMessage("no mail"));
        assertThat(journal.callbacks()).containsExactly("onCommit");
        assertThat(journal.failed(AUTHOR).inserted()).hasSize(1);
    }

    @Test
    void anAssertionThatFailsSaysWhatWasCalled() {
        author(dsl, "Le Guin");

        assertThatThrownBy(() -> assertThat(journal).matches(HookJournal::isEmpty, "no hook was called"))
                .hasMessageContaining(
                        "afterCommitInsert 'lambda in HookJournalTest' insert public.author(id=1, name=Le Guin)");
        assertThatThrownBy(() -> assertThat(journal.calls()).isEmpty())
                .hasMessageContaining(
                        "afterCommitInsert 'lambda in HookJournalTest' insert public.author(id=1, name=Le Guin)");
        assertThatThrownBy(() -> assertThat(journal.after(AUTHOR).inserted()).isEmpty())
                .hasMessageContaining("insert public.author(id=1, name=Le Guin)");
    }

    @Test
    void oneThatHearsOfNothingSaysSo() {
        HookJournal alone = new HookJournal();

        assertThat(alone).hasToString("a journal that is installed in no hooks");
        assertThatThrownBy(alone::calls)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is installed in no hooks, so it hears of none: build them with");
        assertThatThrownBy(() -> alone.after(AUTHOR)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> alone.capture(() -> {})).isInstanceOf(IllegalStateException.class);
        assertThat(journal).hasToString("no hook was called");
        author(dsl, "a");
        journal.clear();
        assertThat(journal.isEmpty()).isTrue();
    }
}
