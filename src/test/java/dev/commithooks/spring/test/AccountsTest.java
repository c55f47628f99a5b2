package dev.commithooks.spring.test;

import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.spring.test.TestedApplication.Accounts;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.transaction.annotation.Transactional;

/** A test as users write it, run by JUnit. */
@Database
@SpringBootTest(
        classes = TestedApplication.class,
        webEnvironment = WebEnvironment.NONE,
        properties = {"spring.flyway.enabled=false", "spring.main.banner-mode=off"})
@Transactional
@HooksInTests
class AccountsTest {

    @Autowired
    private HookJournal told;

    AccountsTest(TestDatabase database) {
        TestedApplication.database = database;
    }

    @BeforeEach
    void forgetWhatWasTold() {
        told.drain();
    }

    // region: hooks-in-tests
    @Test
    void anOpenedAccountIsToldOf(@Autowired Accounts accounts) {
        accounts.open("ann");
        TestHooks.deliver(); // as if it was committed here

        assertThat(told.events()).containsExactly("before insert account[1]", "after insert account[1]");
    }
    // endregion
}
