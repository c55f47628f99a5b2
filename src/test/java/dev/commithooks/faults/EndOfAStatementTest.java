package dev.commithooks.faults;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.faults.Told.owners;
import static dev.commithooks.faults.Told.store;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.bookshop.shop.tables.records.ReviewRecord;
import dev.commithooks.durable.OutboxTable;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.TcpProxy;
import dev.commithooks.fixture.TcpProxy.Fault;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.resolver.PostgresOutcomeResolver;
import dev.commithooks.transaction.AfterCommitException;
import dev.commithooks.transaction.TransactionInDoubtException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import org.jooq.DSLContext;
import org.jooq.conf.ThrowExceptions;
import org.jooq.exception.DataAccessException;
import org.jooq.exception.DataChangedException;
import org.jooq.exception.IntegrityConstraintViolationException;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The end of a statement that is a transaction of its own: after hooks, failures as in plain jOOQ, and doubt. */
@Database
class EndOfAStatementTest extends OneStatement {

    EndOfAStatementTest(TestDatabase database) {
        super(database);
    }

    @Test
    void afterHookThatThrowsLeavesTheRecordStoredSoThatStoringItAgainWritesNoSecondRow() {
        told.doing((event, ctx) -> {
            if (event.startsWith("after INSERT")) {
                throw new IllegalStateException("after hook");
            }
        });
        AccountRecord account = account(dsl(), "ann");

        assertThatThrownBy(account::store).isInstanceOf(AfterCommitException.class);

        assertThat(account.changed()).isFalse();
        assertThat(account.getId()).isEqualTo(1L);
        assertThat(account.store()).isZero();
        account.setOwner("bob");
        account.store();
        assertThat(written()).containsExactly("account INSERT", "account UPDATE");
        assertThat(owners(database)).containsExactly("bob");
        assertThat(told.events())
                .containsExactly("before INSERT ann", "after INSERT ann", "before UPDATE bob", "after UPDATE bob");
    }

    @Test
    void afterHooksHaveAConnectionEvenOfAPoolOfOne() {
        told.doing((event, ctx) -> {
            if (event.startsWith("after")) {
                ctx.dsl().transaction(tx -> author(tx.dsl(), event));
                author(ctx.dsl(), "by itself");
            }
        });

        store(dsl().configuration(), "ann");

        assertThat(written()).containsExactly("account INSERT", "author INSERT", "author INSERT");
        assertThat(told.events()).containsExactly("before INSERT ann", "after INSERT ann");
    }

    @Test
    @Needs(Ability.CAPTURED_INSERTS)
    void afterHooksOfAStatementThatCommitsByItselfHaveAConnectionToo() {
        DSLContext dsl = CommitHooks.builder()
                .on(
                        ACCOUNT,
                        on -> on.afterCommitInsert((account, ctx) -> author(
                                ctx.dsl(), Objects.requireNonNull(account.row().getOwner()))))
                .build()
                .attachTo(database.dsl(pool));

        store(dsl.configuration(), "ann");
        dsl.insertInto(ACCOUNT).set(ACCOUNT.OWNER, "bob").execute();
        dsl.batchInsert(account(dsl, "cleo")).execute();

        assertThat(written())
                .containsExactly(
                        "account INSERT",
                        "author INSERT",
                        "account INSERT",
                        "author INSERT",
                        "account INSERT",
                        "author INSERT");
    }

    @Test
    void refusedStatementFailsAsInPlainJooq() {
        Throwable plain = catchThrowable(() -> tooPoor(database.dsl()).store());
        Throwable hooked = catchThrowable(() -> tooPoor(dsl()).store());

        assertThat(hooked).hasSameClassAs(plain);
        assertThat(withoutKeys(hooked)).isEqualTo(withoutKeys(plain));
        assertThat(told.events()).containsExactly("failed INSERT ann NOTHING_WRITTEN");
        assertThat(told.failures().get(0).cause()).containsSame(hooked);
        assertThat(written()).isEmpty();
    }

    private static String withoutKeys(Throwable failure) {
        return String.valueOf(failure.getMessage())
                .replaceAll("contains \\(\\d+", "contains (…")
                .replaceAll("conn=\\d+", "conn=…");
    }

    @Test
    @Needs(Ability.DEFERRED_CONSTRAINTS)
    void constraintThatIsCheckedAtCommitFailsAsInPlainJooq() {
        HookJournal journal = new HookJournal();
        DSLContext dsl = CommitHooks.builder().registerAll(journal).build().attachTo(database.dsl(pool));

        Throwable plain = catchThrowable(() -> ofNoBook(database.dsl()).store());
        ReviewRecord review = ofNoBook(dsl);
        Throwable hooked = catchThrowable(review::store);

        assertThat(plain).isInstanceOf(IntegrityConstraintViolationException.class);
        assertThat(hooked).hasSameClassAs(plain).hasMessage(plain.getMessage());
        assertThat(review.changed()).isTrue();
        assertThat(journal.events()).hasSize(2);
        assertThat(journal.events().get(0)).startsWith("before insert review[");
        assertThat(journal.events().get(1)).startsWith("failed COMMIT insert review[");
        assertThat(written()).isEmpty();
    }

    @Test
    void lostOptimisticLockFailsAsInPlainJooq() {
        DSLContext dsl = dsl();
        dsl.settings().setExecuteWithOptimisticLocking(true);
        AccountRecord account = store(dsl.configuration(), "ann");
        database.dsl().update(ACCOUNT).set(ACCOUNT.OWNER, "somebody's").execute();
        account.setOwner("bob");

        assertThatThrownBy(account::store).isInstanceOf(DataChangedException.class);

        assertThat(told.events()).containsExactly("before INSERT ann", "after INSERT ann");
        assertThat(owners(database)).containsExactly("somebody's");
    }

    @Test
    void statementThatFailsSilentlyIsRolledBack() {
        DSLContext dsl = dsl();
        dsl.settings().setThrowExceptions(ThrowExceptions.THROW_NONE);

        dsl.update(ACCOUNT).set(ACCOUNT.BALANCE, new BigDecimal("-1")).execute();
        AccountRecord account = tooPoor(dsl);
        catchThrowable(account::store);

        assertThat(told.events()).containsExactly("failed INSERT ann NOTHING_WRITTEN");
        assertThat(written()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"CUT_BEFORE_ARRIVAL", "CUT_BEFORE_ANSWER"})
    @Needs(Ability.NETWORK)
    void commitWithoutAnswerIsInDoubt(Fault fault) {
        try (TcpProxy proxy = TcpProxy.before(database)) {
            DSLContext dsl = told.attachTo(database.dsl(proxy.dataSource()));
            proxy.onNextCommit(fault);

            assertThatThrownBy(() -> store(dsl.configuration(), "ann"))
                    .isInstanceOf(TransactionInDoubtException.class)
                    .hasMessageContaining("IN DOUBT");

            assertThat(told.events()).containsExactly("before INSERT ann", "inDoubt INSERT ann");
            assertThat(owners(database)).isEqualTo(fault == Fault.CUT_BEFORE_ANSWER ? List.of("ann") : List.of());
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CUT_BEFORE_ARRIVAL", "CUT_BEFORE_ANSWER"})
    @Needs(Ability.POSTGRESQL)
    void resolverKnowsWhatBecameOfACommitWithoutAnswer(Fault fault) {
        try (TcpProxy proxy = TcpProxy.before(database)) {
            DSLContext dsl = told.attachTo(
                    database.dsl(proxy.dataSource()),
                    hooks -> hooks.outcomeResolver(PostgresOutcomeResolver.of(database.simpleDataSource())));
            proxy.onNextCommit(fault);
            AccountRecord account = account(dsl, "ann");

            Throwable thrown = catchThrowable(account::store);

            if (fault == Fault.CUT_BEFORE_ANSWER) {
                assertThat(thrown).isNull();
                assertThat(account.getId()).isEqualTo(1L);
                assertThat(told.events()).containsExactly("before INSERT ann", "after INSERT ann");
                assertThat(owners(database)).containsExactly("ann");
            } else {
                assertThat(thrown).isInstanceOf(DataAccessException.class);
                assertThat(told.events()).containsExactly("before INSERT ann", "failed INSERT ann COMMIT");
                assertThat(owners(database)).isEmpty();
            }
        }
    }

    @Test
    @Needs(Ability.NETWORK)
    void connectionThatDiesBeforeCommitIsSentIsACertainRollback() {
        try (TcpProxy proxy = TcpProxy.before(database)) {
            DSLContext dsl = told.attachTo(database.dsl(proxy.dataSource()));
            told.doing((event, ctx) -> {
                if (event.startsWith("before")) {
                    proxy.cut();
                    ctx.dsl().fetchCount(ACCOUNT);
                }
            });

            assertThatThrownBy(() -> store(dsl.configuration(), "ann")).isInstanceOf(DataAccessException.class);

            assertThat(told.events()).containsExactly("before INSERT ann", "failed INSERT ann BEFORE_HOOK");
            assertThat(owners(database)).isEmpty();
        }
    }

    @Test
    @Needs(Ability.POSTGRESQL)
    void whoTakesPartInCommitsOfATableTakesPartInThatOfItsStatement() {
        DSLContext dsl = CommitHooks.builder()
                .participant(OutboxTable.of(ACCOUNT))
                .build()
                .attachTo(database.dsl(pool));

        store(dsl.configuration(), "ann");
        dsl.insertInto(ACCOUNT).set(ACCOUNT.OWNER, "bob").execute();

        assertThat(database.dsl().fetchCount(DSL.table("hook_outbox"))).isEqualTo(2);
        assertThat(owners(database)).containsExactly("ann", "bob");
    }
}
