package dev.commithooks.seeing;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.AfterCommitErrors;
import dev.commithooks.policy.Bypass;
import dev.commithooks.spi.HookObserver;
import dev.commithooks.transaction.Failure;
import dev.commithooks.transaction.Outcome;
import dev.commithooks.transaction.TransactionInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** Transactions whose events are written down. */
abstract class ObserverFixture {

    final List<String> seen = new ArrayList<>();
    final TestDatabase database;

    ObserverFixture(TestDatabase database) {
        this.database = database;
    }

    /** Writes down everything. */
    final class Notes implements HookObserver {

        @Override
        public void transactionBegun(TransactionInfo transaction) {
            seen.add("begun" + nameOf(transaction));
        }

        @Override
        public void savepoint(TransactionInfo transaction, SavepointEvent event) {
            seen.add("savepoint " + event + " at " + transaction.depth());
        }

        @Override
        public void boundary(TransactionInfo transaction, Phase phase, int changes) {
            seen.add("boundary " + phase + " " + changes);
        }

        @Override
        public void hookStarted(HookCall call) {
            seen.add("started " + call.method());
        }

        @Override
        public void hookFinished(HookCall call, Duration duration) {
            assertThat(duration).isPositive();
            seen.add("finished " + call.method());
        }

        @Override
        public void hookFailed(HookCall call, Duration duration, Throwable failure) {
            seen.add("failed " + call.method() + ": " + failure.getMessage());
        }

        @Override
        public void bypass(String table, String sql, boolean refused) {
            seen.add("bypass " + table + (refused ? " refused" : ""));
        }

        @Override
        public void cleanUpFailed(TransactionInfo transaction, Throwable failure) {
            seen.add("clean-up failed");
        }

        @Override
        public void outcome(
                TransactionInfo transaction,
                Outcome outcome,
                @Nullable Failure failure,
                int changes,
                Duration duration) {
            assertThat(duration).isPositive();
            seen.add("outcome " + outcome + (failure == null ? "" : " " + failure.stage()) + " " + changes
                    + nameOf(transaction));
        }

        private static String nameOf(TransactionInfo transaction) {
            return transaction.name().map(name -> " " + name).orElse("");
        }
    }

    CommitHooks hooks(Bypass bypass) {
        return CommitHooks.builder()
                .observer(new Notes())
                .bypass(bypass)
                .afterCommitErrors(AfterCommitErrors.LOG)
                .on(
                        AUTHOR,
                        on -> on.beforeCommitInsert((author, ctx) -> {})
                                .afterCommitInsert((author, ctx) -> {
                                    if (author.row().getName().equals("throws")) {
                                        throw new IllegalStateException("in the hook");
                                    }
                                })
                                .failedCommit((authors, ctx) -> {}))
                .build();
    }

    DSLContext dsl() {
        return hooks(Bypass.REJECT).attachTo(DSL.using(database.pool(2), SQLDialect.POSTGRES));
    }

    static void author(Configuration tx, String name) {
        AuthorRecord author = tx.dsl().newRecord(AUTHOR);
        author.setName(name);
        author.store();
    }
}
