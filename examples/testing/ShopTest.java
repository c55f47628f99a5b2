package testing;

import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.junit.RolledBack;
import dev.commithooks.testing.CaptureMode;
import dev.commithooks.testing.Faults;
import dev.commithooks.testing.HeldCalls;
import dev.commithooks.testing.HookJournal;
import dev.commithooks.transaction.Outcome;
import dev.commithooks.transaction.TransactionInDoubtException;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.Test;

/** Tests of the shop: what they write is rolled back, and hooks fire as if it were committed. */
@RolledBack(ShopApplication.class)
class ShopTest {

    // region: rolled-back-test
    @Test
    void aPublishedBookIsIndexed(DSLContext dsl, HookJournal journal) {
        Shop.publish(dsl, "The Dispossessed", "9.50");

        assertThat(journal.after(BOOK).inserted())
                .extracting(book -> book.row().getTitle())
                .containsExactly("The Dispossessed");
        assertThat(journal.callbacks()).containsExactly("onCommit");
    }
    // endregion

    @Test
    void aBookWithoutPriceIsNotPublished(DSLContext dsl, HookJournal journal) {
        assertThatThrownBy(() -> Shop.publish(dsl, "The Unfinished", "0")).hasMessage("a book needs a price");

        assertThat(journal.after(BOOK).isEmpty()).isTrue();
        assertThat(journal.failures()).hasSize(1);
        assertThat(dsl.fetchCount(BOOK)).isZero();
    }

    // region: faults
    @Test
    void aRefusedCommitIndexesNothing(DSLContext dsl, HookJournal journal, Faults faults) {
        faults.failNextCommit("40001");

        assertThatThrownBy(() -> Shop.publish(dsl, "The Dispossessed", "9.50")).isInstanceOf(DataAccessException.class);
        assertThat(journal.after(BOOK).isEmpty()).isTrue();
    }

    @Test
    void aCommitWithoutAnAnswerIsInDoubt(DSLContext dsl, HookJournal journal, Faults faults) {
        faults.loseTheAnswerOfTheNextCommit(Outcome.COMMITTED);

        assertThatThrownBy(() -> Shop.publish(dsl, "The Dispossessed", "9.50"))
                .isInstanceOf(TransactionInDoubtException.class);
        assertThat(dsl.fetchCount(BOOK)).isEqualTo(1);
    }
    // endregion

    // region: capture
    @Test
    void eachBookIsIndexedOnce(DSLContext dsl, HookJournal journal) throws Exception {
        Shop.publish(dsl, "Tehanu", "7.00");

        HookJournal captured = journal.capture(() -> Shop.publish(dsl, "Lavinia", "8.00"));

        assertThat(captured.after(BOOK).inserted()).hasSize(1);
    }
    // endregion

    // region: only-captured
    @Test
    void theIndexIsToldOfABook(DSLContext dsl, HookJournal journal) throws Exception {
        HookJournal captured = journal.capture(CaptureMode.ONLY_CAPTURE, () -> Shop.publish(dsl, "Lavinia", "8.00"));

        assertThat(captured.callbacks()).containsExactly("onCommit"); // it would have been called
        assertThat(journal.callbacks()).isEmpty();
    }
    // endregion

    // region: held-back
    @Test
    void theIndexMayBeLate(DSLContext dsl, HookJournal journal) throws Exception {
        try (HeldCalls held = journal.hold()) {
            Shop.publish(dsl, "Tehanu", "7.00");
            Shop.publish(dsl, "Lavinia", "8.00");
            assertThat(dsl.fetchCount(BOOK)).isEqualTo(2); // committed, and the index knows of none
            assertThat(journal.after(BOOK).isEmpty()).isTrue();

            List<HeldCalls.HeldCall> waiting = held.waiting();
            waiting.get(2).deliver(); // Lavinia overtakes
            waiting.get(0).drop(); // the process dies before Tehanu
            held.deliver(); // the others, in their order
        }
        assertThat(journal.after(BOOK).inserted())
                .extracting(book -> book.row().getTitle())
                .containsExactly("Lavinia");
    }
    // endregion
}
