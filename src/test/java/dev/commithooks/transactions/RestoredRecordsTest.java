package dev.commithooks.transactions;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.CommitHooksBuilder;
import dev.commithooks.Transactions;
import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TcpProxy;
import dev.commithooks.fixture.TcpProxy.Fault;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.RolledBackRecords;
import dev.commithooks.transaction.TransactionInDoubtException;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Records that nobody has named are what they were before they were first written in what was rolled back. */
@Database
class RestoredRecordsTest extends RestoringFixture {

    RestoredRecordsTest(TestDatabase database) {
        super(database);
    }

    @Test
    @Needs(Ability.SPENT_IDENTITIES)
    void aRetryStoresTheRecordAgainThatItDidNotName() {
        DSLContext byDefault = attached(CommitHooks.builder().registerAll(journal));
        AuthorRecord author = author(byDefault.configuration(), "Ann");
        List<Integer> stored = new ArrayList<>();

        Transactions.with(byDefault).retry(attempts(2)).run(tx -> {
            author.attach(tx);
            stored.add(author.store());
            if (stored.size() == 1) {
                lose();
            }
        });

        assertThat(stored).containsExactly(1, 1);
        assertThat(database.dsl().fetchSingle(AUTHOR).getId()).isEqualTo(author.getId());
        assertThat(journal.events())
                .containsExactly("failed WORK insert author[1]", "before insert author[2]", "after insert author[2]");
        assertThat(database.journal()).hasSize(1);
    }

    /** What is asked of a transaction that is rolled back, and whether its records are restored by that. */
    enum Asked {
        NOTHING(RolledBackRecords.RESTORED_IN_RETRIES, (hooks, with) -> with, false),
        ONE_ATTEMPT(RolledBackRecords.RESTORED_IN_RETRIES, (hooks, with) -> with.retry(attempts(1)), false),
        RETRY(RolledBackRecords.RESTORED_IN_RETRIES, (hooks, with) -> with.retry(attempts(2)), true),
        RETRY_LEFT_ALONE(
                RolledBackRecords.RESTORED_IN_RETRIES,
                (hooks, with) -> with.retry(attempts(2)).rolledBackRecords(RolledBackRecords.LEFT_ALONE),
                false),
        RETRY_WHERE_ALL_ARE_LEFT_ALONE(RolledBackRecords.LEFT_ALONE, (hooks, with) -> with.retry(attempts(2)), false),
        ALL_RESTORED(RolledBackRecords.RESTORED, (hooks, with) -> with, true),
        RESTORED_HERE(
                RolledBackRecords.LEFT_ALONE,
                (hooks, with) -> with.rolledBackRecords(RolledBackRecords.RESTORED),
                true),
        LEFT_ALONE_HERE(
                RolledBackRecords.RESTORED,
                (hooks, with) -> with.rolledBackRecords(RolledBackRecords.LEFT_ALONE),
                false);

        private final RolledBackRecords policy;
        private final BiFunction<CommitHooksBuilder, Transactions, Transactions> option;
        private final boolean restores;

        Asked(
                RolledBackRecords policy,
                BiFunction<CommitHooksBuilder, Transactions, Transactions> option,
                boolean restores) {
            this.policy = policy;
            this.option = option;
            this.restores = restores;
        }
    }

    @ParameterizedTest
    @EnumSource
    void thePolicyAndTheTransactionSayWhetherRecordsAreRestored(Asked asked) {
        CommitHooksBuilder hooks = CommitHooks.builder().rolledBackRecords(asked.policy);
        DSLContext where = attached(hooks);
        AuthorRecord author = author(where.configuration(), "Ann");

        assertThatThrownBy(() -> asked.option
                        .apply(hooks, Transactions.with(where))
                        .run(tx -> {
                            author.attach(tx);
                            author.store();
                            throw new Undo();
                        }))
                .isInstanceOf(Undo.class);

        assertThat(author.getId() == null).isEqualTo(asked.restores);
        assertThat(author.changed(AUTHOR.NAME)).isEqualTo(asked.restores);
    }

    @Test
    void aSavepointCannotHaveARuleOfItsOwn() {
        dsl.transaction(tx -> assertThatThrownBy(() -> Transactions.with(tx)
                        .rolledBackRecords(RolledBackRecords.LEFT_ALONE)
                        .run(nested -> {}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("rolledBackRecords(LEFT_ALONE)"));
    }

    @Test
    void failedHooksFindRecordsRestored() {
        AuthorRecord author = author(dsl.configuration(), "Ann");
        List<Object> ids = new ArrayList<>();

        rollBack(dsl, tx -> {
            author.attach(tx);
            author.store();
            CommitHooks.current(tx).onRollback(failure -> ids.add(String.valueOf(author.getId())));
            assertThatThrownBy(() -> tx.dsl().transaction(nested -> {
                        author.setName("Ben");
                        author.store();
                        CommitHooks.current(nested)
                                .onRollback(failure -> ids.add(author.getName() + " " + author.changed()));
                        throw new Undo();
                    }))
                    .isInstanceOf(Undo.class);
        });

        assertThat(ids).containsExactly("Ben true", "null");
    }

    @Test
    void aVetoAndARefusedCommitRestoreToo() {
        AuthorRecord author = author(dsl.configuration(), "Ann");

        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    author.attach(tx);
                    author.store();
                    CommitHooks.current(tx).beforeCommit(() -> {
                        throw new Undo();
                    });
                }))
                .isInstanceOf(Undo.class);
        assertThat(author.getId()).isNull();

        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    author.attach(tx);
                    author.store();
                    tx.dsl().execute("insert into review (book_id, rating) values (4711, 3)"); // checked by COMMIT
                }))
                .isInstanceOf(DataAccessException.class);
        assertThat(author.getId()).isNull();
        assertThat(author.changed(AUTHOR.NAME)).isTrue();
        assertThat(database.dsl().fetchCount(AUTHOR)).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"CUT_BEFORE_ARRIVAL", "CUT_BEFORE_ANSWER"})
    @NeedsRealCommits("cuts connections")
    @Needs(Ability.NETWORK)
    void inDoubtARecordIsLeftAloneAndTheExceptionSaysSo(Fault fault) {
        try (TcpProxy proxy = TcpProxy.before(database)) {
            DSLContext cut = restoring().build().attachTo(database.dsl(proxy.dataSource()));
            AuthorRecord author = author(cut.configuration(), "Ann");
            proxy.onNextCommit(fault);
            List<Integer> attempt = new ArrayList<>();

            assertThatThrownBy(() -> Transactions.with(cut).retry(attempts(3)).run(tx -> {
                        author.attach(tx);
                        attempt.add(author.store());
                    }))
                    .isInstanceOf(TransactionInDoubtException.class)
                    .hasMessageContaining("Records that were written are left as they are");

            assertThat(attempt).containsExactly(1);
            assertThat(author.getId()).isEqualTo(1L);
            assertThat(author.changed()).isFalse();
            assertThat(journal.events()).containsExactly("before insert author[1]", "in doubt insert author[1]");
            assertThat(database.dsl().fetchCount(AUTHOR)).isEqualTo(fault == Fault.CUT_BEFORE_ANSWER ? 1 : 0);
        }
    }

    @Test
    void whatWasCommittedByHandIsLeftAlone() {
        AuthorRecord before = author(dsl.configuration(), "Ann");
        AuthorRecord after = author(dsl.configuration(), "Ben");

        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    before.attach(tx);
                    before.store();
                    tx.dsl().connection(Connection::commit);
                    after.attach(tx);
                    after.store();
                    throw new Undo();
                }))
                .isInstanceOf(Undo.class);

        assertThat(before.getId()).isEqualTo(1L);
        assertThat(after.getId()).isNull();
        assertThat(database.dsl().fetchValues(AUTHOR.NAME)).containsExactly("Ann");
    }
}
