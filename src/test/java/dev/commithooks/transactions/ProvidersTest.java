package dev.commithooks.transactions;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.transaction.IsolationLevel.SERIALIZABLE;
import static dev.commithooks.transaction.Propagation.NESTED;
import static dev.commithooks.transaction.Propagation.REQUIRED;
import static dev.commithooks.transaction.Propagation.REQUIRES_NEW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.commithooks.CommitHooks;
import dev.commithooks.Transactions;
import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.NeedsRealCommits;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.RetryPolicy;
import dev.commithooks.transaction.TransactionAbortedException;
import java.sql.Connection;
import java.util.List;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.impl.DefaultTransactionProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Options and propagation do not depend on who begins and commits. */
@Database
class ProvidersTest {

    private final HookJournal journal = new HookJournal();
    private final TestDatabase database;

    ProvidersTest(TestDatabase database) {
        this.database = database;
    }

    /** What begins and commits. */
    enum Provider {
        NONE,
        EXPLICIT,
        THREAD_LOCAL;

        void setOn(Configuration configuration) {
            switch (this) {
                case NONE -> {}
                case EXPLICIT -> configuration.set(new DefaultTransactionProvider(configuration.connectionProvider()));
                case THREAD_LOCAL ->
                    configuration.set(CommitHooks.threadLocalTransactionProvider(configuration.connectionProvider()));
            }
        }
    }

    private DSLContext dsl(Provider provider, int connections) {
        Configuration configuration = database.dsl(database.pool(connections)).configuration();
        provider.setOn(configuration);
        return CommitHooks.builder()
                .registerAll(journal)
                .build()
                .attachTo(configuration)
                .dsl();
    }

    private static void author(Configuration tx, String name) {
        AuthorRecord author = tx.dsl().newRecord(AUTHOR);
        author.setName(name);
        author.store();
    }

    /** The driver's connection. */
    private Connection connection(DSLContext where) {
        return where.connectionResult(connection -> database.product().unwrapped(connection));
    }

    private List<String> committedNames() {
        return database.journal().stream()
                .map(row -> String.valueOf(row.value("name")))
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    @NeedsRealCommits("asks for an isolation level of its own")
    @Needs(Ability.READ_ONLY_TRANSACTIONS)
    void readOnlyHoldsForOneTransaction(Provider provider) {
        DSLContext dsl = dsl(provider, 1);

        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> Transactions.with(dsl).readOnly().run(tx -> author(tx, "no")))
                    .hasMessageContaining("readOnly()");
            dsl.transaction(tx -> author(tx, "yes"));
        }

        assertThat(committedNames()).containsExactly("yes", "yes");
    }

    @ParameterizedTest
    @EnumSource
    @NeedsRealCommits("asks for an isolation level of its own")
    @Needs(Ability.SHOWN_ISOLATION_LEVELS)
    void optionsHoldForOneTransaction(Provider provider) {
        DSLContext dsl = dsl(provider, 1);

        for (int i = 0; i < 2; i++) {
            String inside = Transactions.with(dsl).isolation(SERIALIZABLE).call(tx -> database.isolation(tx.dsl()));
            assertThat(inside).isEqualTo("serializable");
            assertThat(dsl.<String>transactionResult(tx -> database.isolation(tx.dsl())))
                    .isEqualTo("read committed");
        }
    }

    @ParameterizedTest
    @EnumSource
    void joinedAndNestedBlocksUseTheSameConnection(Provider provider) {
        DSLContext dsl = dsl(provider, 1);

        dsl.transaction(tx -> {
            Connection outer = connection(tx.dsl());
            Connection joined = Transactions.with(tx).propagation(REQUIRED).call(in -> connection(in.dsl()));
            Connection nested = Transactions.with(tx).propagation(NESTED).call(in -> connection(in.dsl()));
            assertThat(List.of(joined, nested)).containsOnly(outer);
            author(tx, "a");
        });

        assertThat(journal.events()).containsExactly("before insert author[1]", "after insert author[1]");
    }

    @ParameterizedTest
    @EnumSource(names = {"NONE", "EXPLICIT"})
    @NeedsRealCommits("an independent commit inside a transaction that rolls back later")
    @Needs(Ability.CONCURRENT_WRITERS)
    void requiresNewUsesAnother(Provider provider) {
        DSLContext dsl = dsl(provider, 2);

        catchThrowable(() -> dsl.transaction(tx -> {
            author(tx, "lost");
            Connection other = Transactions.with(tx).propagation(REQUIRES_NEW).call(in -> {
                author(in, "kept");
                return connection(in.dsl());
            });
            assertThat(other).isNotSameAs(connection(tx.dsl()));
            throw new IllegalArgumentException("undo");
        }));

        assertThat(committedNames()).containsExactly("kept");
        assertThat(journal.events())
                .containsExactly("before insert author[2]", "after insert author[2]", "failed WORK insert author[1]");
    }

    @ParameterizedTest
    @EnumSource
    @Needs(Ability.RAISED_ERRORS)
    void aRetryGivesTheConnectionBackInBetween(Provider provider) {
        DSLContext dsl = dsl(provider, 1);

        Transactions.with(dsl)
                .retry(RetryPolicy.attempts(3)
                        .sleeper(pause -> assertThat(connection(dsl)).isNotNull()))
                .run(tx -> {
                    author(tx, "a");
                    if (CommitHooks.current(tx).info().attempt() < 3) {
                        database.raise(tx.dsl(), "40001");
                    }
                });

        assertThat(committedNames()).containsExactly("a");
        assertThat(journal.events())
                .containsExactly(
                        "failed WORK insert author[1]",
                        "failed WORK insert author[2]",
                        "before insert author[3]",
                        "after insert author[3]");
    }

    @ParameterizedTest
    @EnumSource
    void aJoinedBlockThatFailsIsNotHalfCommitted(Provider provider) {
        DSLContext dsl = dsl(provider, 1);

        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    author(tx, "outer");
                    catchThrowable(
                            () -> Transactions.with(tx).propagation(REQUIRED).run(in -> {
                                author(in, "half");
                                throw new IllegalArgumentException("no");
                            }));
                    assertThat(CommitHooks.current(tx).isRollbackOnly()).isTrue();
                }))
                .isInstanceOf(TransactionAbortedException.class)
                .hasMessageContaining("IS rolled back")
                .hasRootCauseMessage("no");

        assertThat(database.journal()).isEmpty();
    }

    @Test
    void withoutSavepointsAJoinedBlockThatFailsRollsTheWholeTransactionBack() {
        Configuration configuration = database.dsl(database.pool(1)).configuration();
        configuration.set(new DefaultTransactionProvider(configuration.connectionProvider(), false));
        DSLContext dsl = CommitHooks.builder()
                .registerAll(journal)
                .build()
                .attachTo(configuration)
                .dsl();

        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    author(tx, "outer");
                    tx.dsl()
                            .transaction(nested -> catchThrowable(() -> Transactions.with(nested)
                                    .propagation(REQUIRED)
                                    .run(in -> {
                                        author(in, "half");
                                        throw new IllegalArgumentException("no");
                                    })));
                }))
                .isInstanceOf(TransactionAbortedException.class);

        assertThat(database.journal()).isEmpty();
        assertThat(journal.events())
                .containsExactly("failed ROLLBACK_ONLY insert author[1]", "failed ROLLBACK_ONLY insert author[2]");
    }

    @Test
    @NeedsRealCommits("asks for an isolation level of its own")
    @Needs(Ability.SHOWN_ISOLATION_LEVELS)
    void withAThreadLocalProviderTheOuterDslIsInTheTransactionToo() {
        DSLContext dsl = dsl(Provider.THREAD_LOCAL, 1);

        Transactions.with(dsl).isolation(SERIALIZABLE).run(tx -> {
            assertThat(database.isolation(dsl)).isEqualTo("serializable");
            Transactions.with(dsl).name("nested").run(nested -> author(nested, "a"));
            Transactions.with(dsl).propagation(REQUIRED).run(joined -> author(dsl.configuration(), "b"));
            assertThatThrownBy(() -> Transactions.with(dsl).readOnly().run(in -> {}))
                    .hasMessageContaining("readOnly() cannot hold");
        });

        assertThat(committedNames()).containsExactly("a", "b");
    }
}
