package shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static shop.ShopApplication.HOOKS;
import static shop.db.Tables.PRODUCT;
import static shop.db.Tables.PURCHASE;

import dev.commithooks.junit.RolledBack;
import dev.commithooks.testing.Faults;
import dev.commithooks.testing.HookJournal;
import dev.commithooks.transaction.Outcome;
import dev.commithooks.transaction.TransactionInDoubtException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import shop.db.tables.records.ProductRecord;

/** What the tutorial says, step by step; each test is rolled back. */
@RolledBack(ShopApplication.class)
class ShopTest {

    private long tehanu;

    @BeforeEach
    void aProduct(DSLContext dsl) {
        ProductRecord product = dsl.newRecord(PRODUCT);
        product.setName("Tehanu");
        product.setPrice(new BigDecimal("8.00"));
        product.setStock(3);
        product.store();
        tehanu = product.getId();
    }

    @Test
    void theProblem(DSLContext dsl) {
        List<String> mails = new ArrayList<>();
        // region: tutorial-problem
        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    tx.dsl()
                            .insertInto(PURCHASE, PURCHASE.CUSTOMER, PURCHASE.PRODUCT_ID, PURCHASE.QUANTITY)
                            .values("Ann", tehanu, 1)
                            .execute();
                    mails.add("Thank you, Ann"); // too early
                    throw new IllegalStateException("the payment was refused");
                }))
                .hasMessage("the payment was refused");

        assertThat(mails).containsExactly("Thank you, Ann"); // she is thanked
        assertThat(dsl.fetchCount(PURCHASE)).isZero(); // for nothing
        // endregion
    }

    // region: tutorial-after-test
    @Test
    void theBoardShowsWhatWasSold(DSLContext dsl, HookJournal journal) {
        new Shop(dsl).buy("Ann", tehanu, 2);

        assertThat(HOOKS.board.lines()).endsWith("2 for Ann");
        assertThat(journal.after(PURCHASE).inserted()).hasSize(1);
    }
    // endregion

    // region: tutorial-before-test
    @Test
    void nobodySellsWhatIsNotThere(DSLContext dsl, HookJournal journal) {
        assertThatThrownBy(() -> new Shop(dsl).buy("Ann", tehanu, 4)).hasMessage("only 3 of Tehanu are left");

        assertThat(dsl.fetchCount(PURCHASE)).isZero();
        assertThat(journal.after(PURCHASE).isEmpty()).isTrue();
        assertThat(HOOKS.apologies.lines()).endsWith("sorry, Ann: BEFORE_HOOK");
    }
    // endregion

    // region: tutorial-statement-test
    @Test
    void aSaleChangesThePriceTags(DSLContext dsl) {
        assertThat(new Shop(dsl).sale("0.50")).isEqualTo(1);

        assertThat(HOOKS.priceTags.lines()).endsWith("Tehanu was 8.00, is 4.00");
    }
    // endregion

    // region: tutorial-faults
    @Test
    void aRefusedCommitSellsNothing(DSLContext dsl, HookJournal journal, Faults faults) {
        faults.failNextCommit("40001");

        assertThatThrownBy(() -> new Shop(dsl).buy("Bob", tehanu, 1)).isInstanceOf(DataAccessException.class);
        assertThat(journal.after(PURCHASE).isEmpty()).isTrue();
        assertThat(HOOKS.apologies.lines()).endsWith("sorry, Bob: COMMIT");
    }

    @Test
    void aCommitWithoutAnAnswerIsForSomebodyToLookAfter(DSLContext dsl, Faults faults) {
        faults.loseTheAnswerOfTheNextCommit(Outcome.COMMITTED);

        assertThatThrownBy(() -> new Shop(dsl).buy("Cid", tehanu, 1)).isInstanceOf(TransactionInDoubtException.class);
        assertThat(dsl.fetchCount(PURCHASE)).isEqualTo(1); // it was committed, and nobody could know
        assertThat(HOOKS.apologies.lines().get(HOOKS.apologies.lines().size() - 1))
                .startsWith("somebody must look after");
    }
    // endregion
}
