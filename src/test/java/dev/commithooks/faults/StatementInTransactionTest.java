package dev.commithooks.faults;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.bookshop.shop.Tables.REVIEW;
import static dev.commithooks.faults.Told.owners;
import static dev.commithooks.faults.Told.store;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.zaxxer.hikari.HikariDataSource;
import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.bookshop.shop.tables.records.ReviewRecord;
import dev.commithooks.durable.OutboxTable;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.JournalEntry;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TcpProxy;
import dev.commithooks.fixture.TcpProxy.Fault;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.hook.HookContext;
import dev.commithooks.policy.OutsideTransaction;
import dev.commithooks.resolver.PostgresOutcomeResolver;
import dev.commithooks.spi.HookObserver;
import dev.commithooks.transaction.AfterCommitException;
import dev.commithooks.transaction.Failure;
import dev.commithooks.transaction.Outcome;
import dev.commithooks.transaction.StatementRefusedException;
import dev.commithooks.transaction.TransactionAbortedException;
import dev.commithooks.transaction.TransactionInDoubtException;
import dev.commithooks.transaction.TransactionInfo;
import java.io.IOException;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.Insert;
import org.jooq.conf.ThrowExceptions;
import org.jooq.exception.DataAccessException;
import org.jooq.exception.DataChangedException;
import org.jooq.exception.IntegrityConstraintViolationException;
import org.jooq.impl.DSL;
import org.jooq.impl.DataSourceConnectionProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A statement outside transactions on a table with before hooks: it and they are one transaction, which nobody has begun. */
@Database
class StatementInTransactionTest {

    private final TestDatabase database;
    private final HikariDataSource pool;
    private final Told told = new Told();

    StatementInTransactionTest(TestDatabase database) {
        this.database = database;
        this.pool = database.pool(1); // what a statement does not give back, the next one misses
    }

    private DSLContext dsl() {
        return told.attachTo(database.dsl(pool));
    }

    private static void author(DSLContext dsl, String name) {
        var author = dsl.newRecord(AUTHOR);
        author.setName(name);
        author.store();
    }

    private static AccountRecord account(DSLContext dsl, String owner) {
        AccountRecord account = dsl.newRecord(ACCOUNT);
        account.setOwner(owner);
        account.setBalance(BigDecimal.ONE);
        return account;
    }

    /** What was committed, in order. */
    private List<String> written() {
        return database.journal().stream()
                .map(entry -> entry.table() + " " + entry.operation())
                .toList();
    }

    @AfterEach
    void connectionIsGivenBackInAutocommitMode() throws SQLException {
        assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
        try (Connection connection = pool.getConnection()) {
            assertThat(connection.getAutoCommit()).isTrue();
        }
    }

    // ---------------------------------------------------------------- before hooks

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

    private interface Writing {
        void on(HookContext ctx, String owner) throws Exception;
    }

    /** Hooks on all tables that note, and one of accounts that writes. */
    private DSLContext writing(HookJournal journal, Writing writing) {
        return CommitHooks.builder()
                .registerAll(journal)
                .on(
                        ACCOUNT,
                        on -> on.beforeCommitInsert((account, ctx) -> writing.on(
                                ctx, Objects.requireNonNull(account.row().getOwner()))))
                .build()
                .attachTo(database.dsl(pool));
    }

    @Test
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

    // ---------------------------------------------------------------- after hooks

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

    // ---------------------------------------------------------------- statements that fail

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
        return String.valueOf(failure.getMessage()).replaceAll("contains \\(\\d+", "contains (…");
    }

    private static AccountRecord tooPoor(DSLContext dsl) {
        AccountRecord account = account(dsl, "ann");
        account.setBalance(new BigDecimal("-1"));
        return account;
    }

    @Test
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

    private static ReviewRecord ofNoBook(DSLContext dsl) {
        ReviewRecord review = dsl.newRecord(REVIEW);
        review.setBookId(4711L);
        review.setRating((short) 1);
        return review;
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

    // ---------------------------------------------------------------- in doubt

    @ParameterizedTest
    @EnumSource(names = {"CUT_BEFORE_ARRIVAL", "CUT_BEFORE_ANSWER"})
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

    // ---------------------------------------------------------------- batches

    @Test
    void batchOfRecordsIsOneTransaction() {
        DSLContext dsl = dsl();
        dsl.batchInsert(account(dsl, "ann"), account(dsl, "bob")).execute();
        told.doing((event, ctx) -> {
            if (event.equals("before INSERT dora")) {
                throw new IllegalStateException("veto");
            }
        });

        assertThatThrownBy(() -> dsl.batchInsert(account(dsl, "cleo"), account(dsl, "dora"))
                        .execute())
                .hasMessage("veto");

        assertThat(owners(database)).containsExactly("ann", "bob");
        assertThat(database.journal())
                .extracting(JournalEntry::txid)
                .containsOnly(database.journal().get(0).txid());
        assertThat(told.events())
                .containsExactly(
                        "before INSERT ann",
                        "before INSERT bob",
                        "after INSERT ann",
                        "after INSERT bob",
                        "before INSERT cleo",
                        "before INSERT dora",
                        "failed INSERT cleo BEFORE_HOOK",
                        "failed INSERT dora BEFORE_HOOK");
    }

    @Test
    void refusedBatchWritesNothing() {
        DSLContext dsl = dsl();

        assertThatThrownBy(
                        () -> dsl.batchInsert(account(dsl, "bob"), tooPoor(dsl)).execute())
                .isInstanceOf(DataAccessException.class);

        assertThat(written()).isEmpty();
        assertThat(told.events())
                .containsExactly("failed INSERT bob NOTHING_WRITTEN", "failed INSERT ann NOTHING_WRITTEN");
    }

    @Test
    void staticBatchIsOneTransactionToo() {
        DSLContext dsl = dsl();
        AccountRecord ann = store(dsl.configuration(), "ann");
        ann.setOwner("anna");
        AccountRecord gone = account(dsl, "gone");
        gone.setId(4711L);
        gone.changed(ACCOUNT.ID, false);
        DSLContext inlined = DSL.using(dsl.configuration()
                .derive(dsl.settings().withStatementType(org.jooq.conf.StatementType.STATIC_STATEMENT)));

        ann.attach(inlined.configuration());
        gone.attach(inlined.configuration());
        inlined.batchUpdate(ann, gone).execute();

        assertThat(owners(database)).containsExactly("anna");
        assertThat(told.events())
                .containsExactly(
                        "before INSERT ann",
                        "after INSERT ann",
                        "before UPDATE anna",
                        "failed UPDATE gone NOTHING_WRITTEN",
                        "after UPDATE anna");
    }

    @Test
    void batchOfBindValuesIsOneTransaction() {
        DSLContext dsl = dsl();

        int[] counts = dsl.batch(DSL.insertInto(ACCOUNT, ACCOUNT.OWNER).values((String) null))
                .bind("ann")
                .bind("bob")
                .execute();

        assertThat(counts).containsExactly(1, 1);
        assertThat(owners(database)).containsExactly("ann", "bob");
        assertThat(told.events())
                .containsExactly("before INSERT ann", "before INSERT bob", "after INSERT ann", "after INSERT bob");
    }

    // ---------------------------------------------------------------- doors of statements

    /** The ways in which a statement is executed and its rows are fetched. */
    enum Door {
        EXECUTE {
            @Override
            void insert(DSLContext dsl) {
                assertThat(dsl.insertInto(ACCOUNT).set(ACCOUNT.OWNER, "ann").execute())
                        .isEqualTo(1);
            }
        },
        EXECUTE_ASYNC {
            @Override
            void insert(DSLContext dsl) {
                assertThat(dsl.insertInto(ACCOUNT)
                                .set(ACCOUNT.OWNER, "ann")
                                .executeAsync(Runnable::run)
                                .toCompletableFuture()
                                .join())
                        .isEqualTo(1);
            }
        },
        FETCH_ONE {
            @Override
            void insert(DSLContext dsl) {
                assertThat(returning(dsl).fetchOne(ACCOUNT.ID)).isEqualTo(1L);
            }
        },
        FETCH_LAZY {
            @Override
            void insert(DSLContext dsl) {
                try (var cursor = returning(dsl).fetchLazy()) {
                    assertThat(cursor.fetchNext()).isNotNull();
                }
            }
        },
        FETCH_STREAM {
            @Override
            void insert(DSLContext dsl) {
                try (var stream = returning(dsl).fetchStream()) {
                    assertThat(stream.findFirst()).isPresent();
                }
            }
        },
        EXECUTE_RETURNING {
            @Override
            void insert(DSLContext dsl) {
                assertThat(returning(dsl).execute()).isEqualTo(1);
            }
        },
        TEXT {
            @Override
            void insert(DSLContext dsl) {
                assertThat(dsl.execute("insert into account (owner) values (?)", "ann"))
                        .isEqualTo(1);
            }
        },
        TEXT_RETURNING {
            @Override
            void insert(DSLContext dsl) {
                assertThat(dsl.fetchValue("insert into account (owner) values ('ann') returning owner"))
                        .isEqualTo("ann");
            }
        },
        TEXT_LAZY {
            @Override
            void insert(DSLContext dsl) {
                try (var cursor = dsl.fetchLazy("insert into account (owner) values ('ann') returning owner")) {
                    assertThat(cursor.fetchNext()).isNotNull();
                }
            }
        },
        KEPT {
            @Override
            void insert(DSLContext dsl) {
                try (var kept =
                        dsl.insertInto(ACCOUNT).set(ACCOUNT.OWNER, "ann").keepStatement(true)) {
                    assertThat(kept.execute()).isEqualTo(1);
                }
            }
        },
        EXECUTE_INSERT {
            @Override
            void insert(DSLContext dsl) {
                dsl.executeInsert(account(dsl, "ann"));
            }
        };

        abstract void insert(DSLContext dsl);

        private static org.jooq.InsertResultStep<AccountRecord> returning(DSLContext dsl) {
            return dsl.insertInto(ACCOUNT).set(ACCOUNT.OWNER, "ann").returning();
        }
    }

    @ParameterizedTest
    @EnumSource
    void statementIsOneTransactionThroughEachDoor(Door door) {
        HookJournal journal = new HookJournal();
        DSLContext dsl = writing(journal, (ctx, owner) -> {
            assertThat(ctx.dsl().fetchCount(ACCOUNT)).isEqualTo(1);
            author(ctx.dsl(), owner);
        });

        door.insert(dsl);

        assertThat(written()).containsExactly("account INSERT", "author INSERT");
        assertThat(database.journal())
                .extracting(JournalEntry::txid)
                .containsOnly(database.journal().get(0).txid());
        assertThat(journal.events())
                .containsExactly("before insert account[1]", "after insert account[1]", "after insert author[1]");
    }

    @ParameterizedTest
    @EnumSource
    void vetoRollsBackThroughEachDoor(Door door) {
        HookJournal journal = new HookJournal();
        DSLContext dsl = writing(journal, (ctx, owner) -> {
            throw new IllegalStateException("veto");
        });

        assertThatThrownBy(() -> door.insert(dsl)).hasStackTraceContaining("veto");

        assertThat(written()).isEmpty();
        assertThat(journal.events())
                .containsExactly("before insert account[1]", "failed BEFORE_HOOK insert account[1]");
    }

    @Test
    void statementThatIsKeptIsATransactionEachTime() throws SQLException {
        try (Connection connection = database.simpleDataSource().getConnection()) {
            DSLContext dsl = told.attachTo(database.dsl(connection));
            try (var kept = dsl.insertInto(ACCOUNT).set(ACCOUNT.OWNER, "ann").keepStatement(true)) {
                kept.execute();
                kept.execute();
            }
            assertThat(connection.getAutoCommit()).isTrue();
        }
        assertThat(database.journal())
                .extracting(JournalEntry::txid)
                .doesNotHaveDuplicates()
                .hasSize(2);
        assertThat(told.events())
                .containsExactly("before INSERT ann", "after INSERT ann", "before INSERT ann", "after INSERT ann");
    }

    // ---------------------------------------------------------------- connections and providers

    @Test
    void statementOfTheOuterDslOnASingleConnectionIsPartOfIt() throws SQLException {
        HookJournal journal = new HookJournal();
        try (Connection connection = database.simpleDataSource().getConnection()) {
            DSLContext[] outer = new DSLContext[1];
            outer[0] = CommitHooks.builder()
                    .registerAll(journal)
                    .on(
                            ACCOUNT,
                            on -> on.beforeCommitInsert((account, ctx) -> {
                                author(outer[0], "outer");
                                throw new IllegalStateException("veto");
                            }))
                    .build()
                    .attachTo(database.dsl(connection));

            assertThatThrownBy(() -> store(outer[0].configuration(), "ann")).hasMessage("veto");
            assertThat(connection.getAutoCommit()).isTrue();
        }
        assertThat(written()).isEmpty();
        assertThat(journal.events())
                .containsExactly(
                        "before insert account[1]",
                        "failed BEFORE_HOOK insert account[1]",
                        "failed BEFORE_HOOK insert author[1]");
    }

    @ParameterizedTest
    @EnumSource(names = "MANUAL_COMMIT_POOL", mode = EnumSource.Mode.EXCLUDE)
    void anySourceOfConnectionsWillDo(Source source) {
        DSLContext plain = source.plain(database);
        told.doing((event, ctx) -> {
            if (event.startsWith("before")) {
                ctx.dsl().transaction(nested -> author(nested.dsl(), "nested"));
                if (event.endsWith("bob")) {
                    throw new IllegalStateException("veto");
                }
            }
        });
        DSLContext dsl = told.attachTo(plain);
        try {
            store(dsl.configuration(), "ann");
            catchThrowable(() -> store(dsl.configuration(), "bob"));
            dsl.transaction(tx -> store(tx, "cleo"));
        } finally {
            Source.close(plain);
        }
        assertThat(written()).containsExactly("account INSERT", "author INSERT", "account INSERT", "author INSERT");
        assertThat(told.events())
                .containsExactly(
                        "before INSERT ann",
                        "after INSERT ann",
                        "before INSERT bob",
                        "failed INSERT bob BEFORE_HOOK",
                        "before INSERT cleo",
                        "after INSERT cleo");
    }

    @Test
    void withAThreadsProviderTheOuterDslIsPartOfIt() {
        HookJournal journal = new HookJournal();
        Configuration configuration = database.configuration()
                .set(CommitHooks.threadLocalTransactionProvider(new DataSourceConnectionProvider(pool)));
        DSLContext[] outer = new DSLContext[1];
        outer[0] = CommitHooks.builder()
                .registerAll(journal)
                .on(
                        ACCOUNT,
                        on -> on.beforeCommitInsert((account, ctx) -> {
                            author(outer[0], "outer");
                            if ("bob".equals(account.row().getOwner())) {
                                throw new IllegalStateException("veto");
                            }
                        }))
                .build()
                .attachTo(configuration.dsl());

        store(outer[0].configuration(), "ann");
        catchThrowable(() -> store(outer[0].configuration(), "bob"));
        outer[0].transaction(() -> store(outer[0].configuration(), "cleo"));

        assertThat(written()).containsExactly("account INSERT", "author INSERT", "account INSERT", "author INSERT");
        assertThat(journal.events())
                .filteredOn(event -> event.startsWith("failed"))
                .containsExactly("failed BEFORE_HOOK insert account[2]", "failed BEFORE_HOOK insert author[2]");
    }

    /** Where a connection fails, and what must have become of the row. */
    enum Failing {
        AUTOCOMMIT_OFF(FailingConnections.Point.AUTOCOMMIT_OFF, "failed INSERT ann NOTHING_WRITTEN", 0),
        COMMIT_NOT_SENT(FailingConnections.Point.COMMIT_BEFORE_IT_IS_SENT, "before INSERT ann, inDoubt INSERT ann", 0),
        COMMIT_ANSWER_LOST(
                FailingConnections.Point.COMMIT_AFTER_IT_SUCCEEDED, "before INSERT ann, inDoubt INSERT ann", 1),
        AUTOCOMMIT_ON(FailingConnections.Point.AUTOCOMMIT_ON, "before INSERT ann, after INSERT ann", 1),
        RELEASE(FailingConnections.Point.RELEASE, "before INSERT ann, after INSERT ann", 1);

        private final FailingConnections.Point point;
        private final String events;
        private final int rows;

        Failing(FailingConnections.Point point, String events, int rows) {
            this.point = point;
            this.events = events;
            this.rows = rows;
        }
    }

    @ParameterizedTest
    @EnumSource
    void hooksAreToldTheTruthWhereverTheConnectionFails(Failing failing) {
        FailingConnections connections = new FailingConnections(database.simpleDataSource());
        DSLContext dsl = told.attachTo(database.configuration().set(connections).dsl());
        connections.failAt(failing.point);

        Throwable thrown = catchThrowable(() -> store(dsl.configuration(), "ann"));

        connections.recover();
        if (failing == Failing.AUTOCOMMIT_ON || failing == Failing.RELEASE) {
            assertThat(thrown).isNull();
        } else {
            assertThat(thrown).isNotNull();
        }
        assertThat(String.join(", ", told.events())).isEqualTo(failing.events);
        assertThat(owners(database)).hasSize(failing.rows);
        assertThat(connections.released).hasValue(connections.acquired.get());
    }

    @Test
    void rollbackThatFailsIsSuppressedInTheVeto() {
        FailingConnections connections = new FailingConnections(database.simpleDataSource());
        told.doing((event, ctx) -> {
            if (event.startsWith("before")) {
                throw new IllegalStateException("veto");
            }
        });
        DSLContext dsl = told.attachTo(database.configuration().set(connections).dsl());
        connections.failAt(FailingConnections.Point.ROLLBACK);

        Throwable thrown = catchThrowable(() -> store(dsl.configuration(), "ann"));

        assertThat(thrown).hasMessage("veto");
        assertThat(thrown.getSuppressed())
                .anySatisfy(
                        suppressed -> assertThat(suppressed).hasStackTraceContaining("the rollback before it failed"));
        assertThat(told.events()).containsExactly("before INSERT ann", "failed INSERT ann BEFORE_HOOK");
        assertThat(owners(database)).isEmpty();
        assertThat(connections.released).hasValue(connections.acquired.get());
    }

    @Test
    void withoutBeforeHooksAutocommitIsLeftAlone() {
        FailingConnections connections = new FailingConnections(database.simpleDataSource());
        List<String> after = new ArrayList<>();
        DSLContext dsl = CommitHooks.builder()
                .on(ACCOUNT, on -> on.afterCommitInsert((account, ctx) -> after.add("after")))
                .build()
                .attachTo(database.configuration().set(connections).dsl());
        connections.failAt(FailingConnections.Point.AUTOCOMMIT_OFF, FailingConnections.Point.AUTOCOMMIT_ON);

        store(dsl.configuration(), "ann");
        dsl.insertInto(ACCOUNT).set(ACCOUNT.OWNER, "bob").execute();

        assertThat(after).hasSize(2);
        assertThat(owners(database)).containsExactly("ann", "bob");
    }

    // ---------------------------------------------------------------- observers, policies, cost

    @Test
    void observersSeeItAsATransaction() {
        List<String> seen = new ArrayList<>();
        HookObserver observer = new HookObserver() {
            @Override
            public void transactionBegun(TransactionInfo transaction) {
                seen.add("begun");
            }

            @Override
            public void boundary(TransactionInfo transaction, Phase phase, int changes) {
                seen.add(phase + " " + changes);
            }

            @Override
            public void outcome(
                    TransactionInfo transaction,
                    Outcome outcome,
                    @Nullable Failure failure,
                    int changes,
                    Duration duration) {
                seen.add(outcome + " " + changes + (failure == null ? "" : " " + failure.stage()));
            }
        };
        DSLContext dsl = told.attachTo(database.dsl(pool), hooks -> hooks.observer(observer));
        told.doing((event, ctx) -> {
            if (event.equals("before INSERT bob")) {
                throw new IllegalStateException("veto");
            }
        });

        store(dsl.configuration(), "ann");
        assertThat(seen).containsExactly("begun", "BEFORE 1", "AFTER 1", "COMMITTED 1");
        seen.clear();
        catchThrowable(() -> store(dsl.configuration(), "bob"));
        assertThat(seen).containsExactly("begun", "BEFORE 1", "FAILED 1", "ROLLED_BACK 1 BEFORE_HOOK");
        seen.clear();
        catchThrowable(() -> tooPoor(dsl).store());
        assertThat(seen).startsWith("begun", "FAILED 1").last().asString().startsWith("ROLLED_BACK");
        assertThat(seen).last().asString().endsWith("NOTHING_WRITTEN");
    }

    @ParameterizedTest
    @EnumSource
    void policiesForStatementsOutsideTransactionsHold(OutsideTransaction policy) {
        DSLContext dsl = told.attachTo(database.dsl(pool), hooks -> hooks.outsideTransaction(policy));

        Throwable record = catchThrowable(() -> store(dsl.configuration(), "ann"));
        Throwable statement = catchThrowable(
                () -> dsl.insertInto(ACCOUNT).set(ACCOUNT.OWNER, "bob").execute());
        Throwable batch =
                catchThrowable(() -> dsl.batchInsert(account(dsl, "cleo")).execute());

        boolean isRejected = policy == OutsideTransaction.REJECT;
        for (Throwable thrown : new Throwable[] {record, statement, batch}) {
            assertThat(thrown == null).isNotEqualTo(isRejected);
            assertThat(thrown == null || thrown instanceof StatementRefusedException)
                    .isTrue();
        }
        assertThat(owners(database)).hasSize(isRejected ? 0 : 3);
        assertThat(told.events()).hasSize(isRejected || policy == OutsideTransaction.IGNORE ? 0 : 6);
    }

    @Test
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

    @Test
    @NeedsRealCommits("an outer transaction answers commits itself")
    void itCostsOneRoundTripMore() throws SQLException {
        try (TcpProxy proxy = TcpProxy.before(database);
                Connection connection = proxy.dataSource().getConnection()) {
            DSLContext dsl = told.attachTo(database.dsl(connection));
            DSLContext plain = database.dsl(connection);
            for (int i = 0; i < 10; i++) { // statements that are prepared on the server from the fifth time on
                account(plain, "plain").store();
                store(dsl.configuration(), "hooked");
            }

            int before = proxy.requests();
            account(plain, "plain").store();
            int plainly = proxy.requests() - before;
            before = proxy.requests();
            store(dsl.configuration(), "hooked");

            assertThat(proxy.requests() - before).isEqualTo(plainly + 1);
        }
    }
}
