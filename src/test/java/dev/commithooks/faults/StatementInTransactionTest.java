package dev.commithooks.faults;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.faults.Told.owners;
import static dev.commithooks.faults.Told.store;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.JournalEntry;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.transaction.TransactionAbortedException;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jooq.DSLContext;
import org.jooq.Insert;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;

/** A statement outside transactions on a table with before hooks: it and they are one transaction, which nobody has begun. */
@Database
class StatementInTransactionTest extends OneStatement {

    StatementInTransactionTest(TestDatabase database) {
        super(database);
    }

    @Test
    @NeedsRealCommits("a second connection must not see uncommitted rows")
    void beforeHookSeesTheWrittenRowAndItsKeyBeforeItIsCommitted() {
        List<String> seen = new ArrayList<>();
        DSLContext dsl = CommitHooks.builder()
                .on(
                        ACCOUNT,
                        on -> on.beforeCommitInsert((account, ctx) -> {
                            Long id = account.row().getId();
                            seen.add(id + " " + account.key().orElseThrow().values());
                            seen.add("here " + ctx.dsl().fetchCount(ACCOUNT, ACCOUNT.ID.eq(id)));
                            seen.add("elsewhere " + database.dsl().fetchCount(ACCOUNT));
                        }))
                .build()
                .attachTo(database.dsl(pool));

        AccountRecord account = store(dsl.configuration(), "ann");

        assertThat(account.getId()).isEqualTo(1L);
        assertThat(seen).containsExactly("1 [1]", "here 1", "elsewhere 0");
        assertThat(written()).containsExactly("account INSERT");
    }

    @Test
    void vetoRollsTheStatementBackAndTheRecordMayBeStoredAgain() {
        IllegalStateException veto = new IllegalStateException("veto");
        told.doing((event, ctx) -> {
            if (event.startsWith("before")) {
                throw veto;
            }
        });
        AccountRecord account = account(dsl(), "ann");

        assertThat(catchThrowable(account::store)).isSameAs(veto);

        assertThat(told.events()).containsExactly("before INSERT ann", "failed INSERT ann BEFORE_HOOK");
        assertThat(told.failures().get(0).cause()).containsSame(veto);
        assertThat(written()).isEmpty();

        told.doing((event, ctx) -> {});
        account.store();

        assertThat(told.events().subList(2, 4)).containsExactly("before INSERT ann", "after INSERT ann");
        assertThat(written()).containsExactly("account INSERT");
    }

    @Test
    void checkedExceptionOfABeforeHookIsWrappedAndNotTakenForTheStatements() {
        told.doing((event, ctx) -> {
            if (event.startsWith("before")) {
                throw event.contains("ann") ? new SQLException("hook's own", "23505") : new IOException("hook's own");
            }
        });
        for (String owner : List.of("ann", "bob")) {
            Throwable thrown = catchThrowable(() -> store(dsl().configuration(), owner));

            assertThat(thrown).isExactlyInstanceOf(DataAccessException.class).hasMessage("Rollback caused");
            assertThat(thrown.getCause()).hasMessage("hook's own");
        }
        assertThat(written()).isEmpty();
        assertThat(told.events())
                .containsExactly(
                        "before INSERT ann",
                        "failed INSERT ann BEFORE_HOOK",
                        "before INSERT bob",
                        "failed INSERT bob BEFORE_HOOK");
    }

    @Test
    @Needs(Ability.CAPTURED_INSERTS)
    void errorOfABeforeHookRollsBackToo() {
        told.doing((event, ctx) -> {
            if (event.startsWith("before")) {
                throw new AssertionError("error");
            }
        });

        assertThatThrownBy(() -> store(dsl().configuration(), "ann"))
                .isInstanceOf(AssertionError.class)
                .hasMessage("error");
        assertThatThrownBy(() ->
                        dsl().insertInto(ACCOUNT).set(ACCOUNT.OWNER, "bob").execute())
                .isInstanceOf(AssertionError.class);
        assertThatThrownBy(() -> dsl().batchInsert(account(dsl(), "cleo")).execute())
                .isInstanceOf(AssertionError.class);

        assertThat(written()).isEmpty();
        assertThat(told.events())
                .containsExactly(
                        "before INSERT ann",
                        "failed INSERT ann BEFORE_HOOK",
                        "before INSERT bob",
                        "failed INSERT bob BEFORE_HOOK",
                        "before INSERT cleo",
                        "failed INSERT cleo BEFORE_HOOK");
    }

    @Test
    void whatABeforeHookWritesIsCommittedWithTheStatement() {
        HookJournal journal = new HookJournal();
        DSLContext dsl = writing(journal, (ctx, owner) -> author(ctx.dsl(), owner));

        store(dsl.configuration(), "ann");

        assertThat(written()).containsExactly("account INSERT", "author INSERT");
        assertThat(database.journal())
                .extracting(JournalEntry::txid)
                .containsOnly(database.journal().get(0).txid());
        assertThat(journal.events())
                .containsExactly("before insert account[1]", "after insert account[1]", "after insert author[1]");
    }

    @Test
    void recordKnowsItsOwnKeyWhateverABeforeHookWrites() {
        author(database.dsl(), "first");
        author(database.dsl(), "second");
        HookJournal journal = new HookJournal();
        DSLContext dsl = writing(journal, (ctx, owner) -> author(ctx.dsl(), owner));

        List<Long> ids = Stream.of("ann", "bob", "cid")
                .map(owner -> store(dsl.configuration(), owner).getId())
                .toList();

        assertThat(ids).containsExactly(1L, 2L, 3L);
        assertThat(journal.events())
                .filteredOn(event -> event.contains("account"))
                .containsExactly(
                        "before insert account[1]",
                        "after insert account[1]",
                        "before insert account[2]",
                        "after insert account[2]",
                        "before insert account[3]",
                        "after insert account[3]");
    }

    @Test
    void whatABeforeHookWroteIsRolledBackWithTheStatementWhenAnotherVetoes() {
        HookJournal journal = new HookJournal();
        DSLContext dsl = writing(journal, (ctx, owner) -> {
            author(ctx.dsl(), owner);
            throw new IllegalStateException("veto");
        });

        assertThatThrownBy(() -> store(dsl.configuration(), "ann")).hasMessage("veto");

        assertThat(written()).isEmpty();
        assertThat(journal.events())
                .containsExactly(
                        "before insert account[1]",
                        "failed BEFORE_HOOK insert account[1]",
                        "failed BEFORE_HOOK insert author[1]");
    }

    @Test
    @Needs(Ability.SPENT_IDENTITIES)
    void nestedTransactionOfABeforeHookIsASavepoint() {
        HookJournal journal = new HookJournal();
        DSLContext dsl = writing(journal, (ctx, owner) -> {
            catchThrowable(() -> ctx.dsl().transaction(nested -> {
                author(nested.dsl(), "lost");
                throw new IllegalStateException("nested");
            }));
            ctx.dsl().transaction(nested -> author(nested.dsl(), "kept"));
        });

        store(dsl.configuration(), "ann");

        assertThat(written()).containsExactly("account INSERT", "author INSERT");
        assertThat(journal.events())
                .containsExactly(
                        "before insert account[1]",
                        "failed SAVEPOINT insert author[1]",
                        "after insert account[1]",
                        "after insert author[2]");
    }

    @Test
    void callbacksOfABeforeHookFollowTheStatementsFate() {
        HookJournal journal = new HookJournal();
        DSLContext dsl = writing(journal, (ctx, owner) -> {
            CommitHooks.current(ctx.dsl()).onCommit(() -> journal.add("onCommit " + owner));
            CommitHooks.current(ctx.dsl()).onRollback(failure -> journal.add("onRollback " + owner));
            if (owner.equals("bob")) {
                throw new IllegalStateException("veto");
            }
        });

        store(dsl.configuration(), "ann");
        catchThrowable(() -> store(dsl.configuration(), "bob"));

        assertThat(journal.events())
                .filteredOn(event -> event.startsWith("on"))
                .containsExactly("onCommit ann", "onRollback bob");
        assertThat(owners(database)).containsExactly("ann");
    }

    @Test
    @Needs(Ability.CAPTURED_INSERTS)
    void setHookBeforeCommitSeesAllRowsOfTheStatementAndMayRefuseThem() {
        List<Integer> seen = new ArrayList<>();
        DSLContext dsl = CommitHooks.builder()
                .on(
                        ACCOUNT,
                        on -> on.beforeCommit((accounts, ctx) -> {
                            seen.add(accounts.inserted().size());
                            if (ctx.dsl().fetchCount(ACCOUNT) > 2) {
                                throw new IllegalStateException("too many");
                            }
                        }))
                .build()
                .attachTo(database.dsl(pool));
        Insert<AccountRecord> two =
                DSL.insertInto(ACCOUNT, ACCOUNT.OWNER).values("ann").values("bob");

        assertThat(dsl.execute(two)).isEqualTo(2);
        assertThatThrownBy(() -> dsl.execute(two)).hasMessage("too many");

        assertThat(seen).containsExactly(2, 2);
        assertThat(owners(database)).containsExactly("ann", "bob");
    }

    @Test
    void rollbackOnPurposeIsSaidToTheCaller() {
        told.doing((event, ctx) -> {
            if (event.startsWith("before")) {
                CommitHooks.current(ctx.dsl()).setRollbackOnly();
            }
        });

        assertThatThrownBy(() -> store(dsl().configuration(), "ann"))
                .isInstanceOf(TransactionAbortedException.class)
                .hasMessageContaining("IS rolled back");

        assertThat(told.events()).containsExactly("before INSERT ann", "failed INSERT ann ROLLBACK_ONLY");
        assertThat(written()).isEmpty();
    }

    @Test
    @Needs(Ability.ABORTED_TRANSACTIONS)
    void errorThatABeforeHookSwallowsIsNoCommit() {
        told.doing((event, ctx) -> {
            if (event.startsWith("before")) {
                catchThrowable(() -> ctx.dsl().execute("select nothing from nowhere"));
            }
        });

        assertThatThrownBy(() -> store(dsl().configuration(), "ann"))
                .isInstanceOf(TransactionAbortedException.class)
                .hasStackTraceContaining("nowhere");

        assertThat(told.events()).containsExactly("before INSERT ann", "failed INSERT ann COMMIT");
        assertThat(written()).isEmpty();
    }
}
