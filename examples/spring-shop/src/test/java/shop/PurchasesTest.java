package shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.spring.test.HooksInTests;
import dev.commithooks.spring.test.TestHooks;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Import;
import org.springframework.transaction.annotation.Transactional;

/** The service in tests that are rolled back: hooks are called all the same. */
@SpringBootTest(webEnvironment = WebEnvironment.NONE)
@Import(EmbeddedDatabase.class)
@Transactional
@HooksInTests
class PurchasesTest {

    @Autowired
    private Purchases purchases;

    @Autowired
    private Mails mails;

    @Test
    void aPurchaseIsConfirmed() {
        int before = mails.sent().size();

        purchases.buy(new Order("Ann", List.of(new Order.Line("Tehanu", 1))));
        TestHooks.deliver();

        assertThat(mails.sent()).hasSize(before + 1).last().asString().startsWith("Thank you, Ann");
    }

    @Test
    void whatIsNotInStockIsRefusedBeforeTheCommit() {
        purchases.buy(new Order("Bob", List.of(new Order.Line("Tehanu", 2))));

        assertThatThrownBy(TestHooks::deliver).hasMessage("only 1 left of Tehanu");
    }
}
