package dev.commithooks.spring.test;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.spring.test.HooksInTests.Delivery;
import dev.commithooks.spring.test.TestedApplication.Accounts;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.test.annotation.Commit;
import org.springframework.test.context.transaction.TestTransaction;
import org.springframework.transaction.annotation.Transactional;

/** Tests under test: another test runs each as JUnit would. */
@SpringBootTest(
        classes = TestedApplication.class,
        webEnvironment = WebEnvironment.NONE,
        properties = {"spring.flyway.enabled=false", "spring.main.banner-mode=off"})
@Transactional
abstract class Cases {

    @Autowired
    Accounts accounts;

    @Autowired
    DSLContext dsl;

    @Autowired
    HookJournal journal;

    List<String> owners() {
        return dsl.select(ACCOUNT.OWNER).from(ACCOUNT).orderBy(ACCOUNT.ID).fetch(ACCOUNT.OWNER);
    }

    @HooksInTests
    static class AtTheEnd extends Cases {

        void opens() {
            accounts.open("ann");
            assertThat(owners()).containsExactly("ann");
            assertThat(journal.events()).isEmpty();
        }

        void delivers() {
            accounts.open("ann");
            TestHooks.deliver();
            assertThat(journal.events()).containsExactly("before insert account[1]", "after insert account[1]");
            accounts.open("bob");
            assertThat(journal.events()).hasSize(2);
            assertThat(owners()).containsExactly("ann", "bob");
        }

        void makesAnAuthor() {
            accounts.open("author");
            TestHooks.deliver();
            assertThat(dsl.fetchCount(AUTHOR)).isEqualTo(1);
            assertThat(journal.events())
                    .containsExactly(
                            "before insert account[1]",
                            "after insert account[1]",
                            "before insert author[1]",
                            "after insert author[1]");
        }

        void goesOnForEver() {
            accounts.open("endless");
        }

        void hasABadOne() {
            accounts.open("bad");
        }

        void hasARefusedOne() {
            accounts.open("refused");
            assertThatThrownBy(TestHooks::deliver)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("no account for the refused");
            accounts.open("ann"); // in a transaction that is rollback-only by now
        }

        void breaksADeferredConstraint() {
            accounts.reviewNoBook();
            assertThatThrownBy(TestHooks::deliver)
                    .isInstanceOf(DataAccessException.class)
                    .hasMessageContaining("review_book_id_fkey");
            accounts.reviewNoBook(); // deferred again
        }

        void opensInPart() {
            accounts.openInPart("ann", "bob");
        }

        void fails() {
            accounts.open("ann");
            throw new AssertionError("the test has failed");
        }

        @Commit
        void commits() {
            accounts.open("ann");
        }

        void commitsInTheMiddle() {
            accounts.open("ann");
            TestTransaction.flagForCommit();
            TestTransaction.end();
            assertThat(journal.events()).containsExactly("before insert account[2]", "after insert account[2]");
            TestTransaction.start();
            accounts.open("bob");
        }

        @HooksInTests(Delivery.ON_DEMAND)
        void isOverruledByItsMethod() {
            accounts.open("ann");
        }
    }

    @HooksInTests(Delivery.ON_DEMAND)
    static class OnDemand extends Cases {

        void opens() {
            accounts.open("ann");
            assertThat(CommitHooks.current(dsl).pending().toString())
                    .contains("insert public.account(id=1, owner=ann")
                    .contains("would call");
        }

        void opensOneIndependently() {
            accounts.open("ann");
            accounts.openIndependently("bob");
        }
    }

    static class Unannotated extends Cases {

        void opens() {
            accounts.open("ann");
        }

        void delivers() {
            TestHooks.deliver();
        }
    }
}
