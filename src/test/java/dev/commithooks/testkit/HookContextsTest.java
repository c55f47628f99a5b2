package dev.commithooks.testkit;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.change.Inserted;
import dev.commithooks.hook.HookContext;
import dev.commithooks.testing.HookContexts;
import dev.commithooks.transaction.Failure;
import dev.commithooks.transaction.FailureStage;
import dev.commithooks.transaction.Outcome;
import dev.commithooks.transaction.TransactionInfo;
import java.time.Instant;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;

class HookContextsTest {

    @Test
    void eachPhaseHasItsOutcomeAndItsFailure() {
        Failure failure = Failure.of(FailureStage.COMMIT, new IllegalStateException("no"), true);

        assertThat(HookContexts.beforeCommit().outcome()).isEmpty();
        assertThat(HookContexts.afterCommit().outcome()).contains(Outcome.COMMITTED);
        assertThat(HookContexts.failedCommit(failure).outcome()).contains(Outcome.ROLLED_BACK);
        assertThat(HookContexts.inDoubt().outcome()).contains(Outcome.UNKNOWN);
        assertThat(HookContexts.failedCommit(failure).failure()).containsSame(failure);
        assertThat(HookContexts.afterCommit().failure()).isEmpty();
    }

    @Test
    void whatIsNotGivenIsPlainOrSaysThatItIsMissing() {
        HookContext context = HookContexts.afterCommit();
        TransactionInfo transaction = context.transaction();

        assertThat(transaction.name()).isEmpty();
        assertThat(transaction.attempt()).isEqualTo(1);
        assertThat(transaction.depth()).isZero();
        assertThat(transaction.start()).isEqualTo(Instant.EPOCH);
        assertThat(transaction.id()).isEqualTo("made by hand");
        assertThat(context.changes().isEmpty()).isTrue();
        assertThatThrownBy(context::dsl)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("give it one by dsl(..)");
    }

    @Test
    void everythingCanBeGivenAndNothingGivenIsLost() {
        DSLContext dsl = DSL.using(SQLDialect.POSTGRES);
        AuthorRecord author = new AuthorRecord();
        author.setName("Le Guin");
        Inserted<AuthorRecord> change = Inserted.of(AUTHOR, author);
        HookContexts.Made before = HookContexts.beforeCommit();

        HookContexts.Made made =
                before.dsl(dsl).changes(change).name("checkout").attempt(2);

        assertThat(made.dsl()).isSameAs(dsl);
        assertThat(made.changes().of(AUTHOR).all()).containsExactly(change);
        assertThat(made.transaction().name()).contains("checkout");
        assertThat(made.transaction().attempt()).isEqualTo(2);
        assertThat(made.outcome()).isEmpty();
        assertThat(before.transaction().name()).as("the first is as it was").isEmpty();
        assertThatThrownBy(() -> HookContexts.failedCommit(null)).isInstanceOf(NullPointerException.class);
    }
}
