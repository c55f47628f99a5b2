package dev.commithooks.seeing;

import static dev.commithooks.bookshop.shop.Tables.AUDIT_LOG;
import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static dev.commithooks.bookshop.shop.Tables.PAGE_VIEW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.CommitHooks;
import dev.commithooks.change.Inserted;
import dev.commithooks.change.TableChanges;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.hook.AfterCommitHooks;
import dev.commithooks.hook.BeforeCommitHooks;
import dev.commithooks.hook.HookContext;
import dev.commithooks.hook.HookOptions;
import dev.commithooks.policy.BucketMode;
import dev.commithooks.policy.Cascade;
import dev.commithooks.policy.OldRows;
import dev.commithooks.policy.Recording;
import dev.commithooks.policy.RetryPolicy;
import dev.commithooks.policy.TransactionDefaults;
import dev.commithooks.transaction.IsolationLevel;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;

class ExplainTest {

    private static final class Audit implements BeforeCommitHooks<Record> {
        @Override
        public void beforeCommit(TableChanges<Record> changes, HookContext ctx) {}
    }

    private static final class SearchIndex implements AfterCommitHooks<Record> {
        @Override
        public void afterCommitInsert(Inserted<Record> book, HookContext ctx) {}

        @Override
        public void afterCommit(TableChanges<Record> changes, HookContext ctx) {}
    }

    private static CommitHooks hooks() {
        return CommitHooks.builder()
                .registerAll(new Audit(), AUDIT_LOG)
                .register(BOOK, new SearchIndex(), HookOptions.ordered(5))
                .on(BOOK, HookOptions.named("new books"), on -> on.afterCommitInsert((book, ctx) -> {}))
                .on(PAGE_VIEW, HookOptions.named("counter"), on -> on.afterCommitInsert((view, ctx) -> {}))
                .oldRows(BOOK, OldRows.FROM_DATABASE)
                .leaveOut(BOOK, BOOK.COVER, BOOK.TAGS)
                .recording(PAGE_VIEW, Recording.RECORDS_ONLY)
                .buckets(BucketMode.NET)
                .cascade(Cascade.rounds(3))
                .transactionDefaults(TransactionDefaults.none()
                        .isolation(IsolationLevel.SERIALIZABLE)
                        .retry(RetryPolicy.attempts(5)))
                .build();
    }

    private static final String HOOKS = """
            public.audit_log: no hooks
            public.book (old rows from the database) (without tags, cover)
              beforeCommit        Audit
              afterCommitInsert   new books, SearchIndex (order 5)
              afterCommit         SearchIndex (order 5)
            public.page_view (no primary key: inserts only) (recording RECORDS_ONLY)
              beforeCommit        Audit
              afterCommitInsert   counter
            every other table
              beforeCommit        Audit
            policies
              buckets             NET
              cascade             up to 3 rounds
              failedHooks         ON_EVERY_FAILURE
              afterCommitErrors   THROW
              outsideTransaction  RUN_NOW
              bypass              WARN
              transactionDefaults isolation serializable, up to 5 attempts, 10 ms to 1000 ms apart
              rolledBackRecords   RESTORED_IN_RETRIES
              outcomeResolver     none: a COMMIT without answer stays in doubt
              observer            none
            """;

    @Test
    void tablesSlotsOrderAndPoliciesArePrinted() {
        assertThat(hooks().explain()).isEqualTo(HOOKS);
    }

    @Test
    void hooksWithoutAnyAreExplainedToo() {
        assertThat(CommitHooks.builder().build().explain()).startsWith("no hooks: only callbacks run\npolicies\n");
        assertThat(CommitHooks.builder().registerAll(new Audit()).build().explain())
                .startsWith("every table\n  beforeCommit        Audit\npolicies\n");
        assertThat(CommitHooks.builder()
                        .on(AUTHOR, HookOptions.named("a"), on -> on.afterCommitDelete((author, ctx) -> {}))
                        .build()
                        .explain())
                .startsWith("public.author\n  afterCommitDelete   a\npolicies\n");
    }

    @Database
    static class OnAConnection {

        @Test
        void whatTheDriverTellsIsPrinted(TestDatabase database) {
            CommitHooks hooks = hooks();
            DSLContext dsl = hooks.attachTo(DSL.using(database.pool(1), SQLDialect.POSTGRES));
            String expected = HOOKS + """
                    connection
                      transactions        transactions with hooks, jOOQ's default
                      driver              PostgreSQL JDBC Driver VERSION
                      transaction state   told by the driver, without a round trip
                      autocommit          on: outside transactions each statement commits by itself
                    """;

            assertThat(hooks.explain(dsl).replaceAll("(JDBC Driver) [0-9.]+", "$1 VERSION"))
                    .isEqualTo(expected);
            dsl.transaction(tx -> assertThat(hooks.explain(tx.dsl()))
                    .contains("transaction state   told", "open now            transaction "));
        }
    }
}
