package dev.commithooks.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.transaction.AfterCommitException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.ConfigurableApplicationContext;

/** Applications of Spring Boot with hooks as beans, and the properties that set policies. */
@Database
class BootApplicationTest extends BootFixture {

    BootApplicationTest(TestDatabase database) {
        super(database);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spring.main.lazy-initialization=false",
                "spring.main.lazy-initialization=true",
                "commit-hooks.decorate-transaction-manager=false"
            })
    void hookBeansAreToldWhatTheDatabaseHolds(String property) {
        try (ConfigurableApplicationContext context = start(Application.class, property)) {
            Accounts accounts = context.getBean(Accounts.class);

            accounts.open("ann", "bob");
            assertThatThrownBy(() -> accounts.openAndFail("cat")).isInstanceOf(IllegalArgumentException.class);
            accounts.openInPart("dan", "eve");
            accounts.openWithoutTransaction("fay");

            assertThat(owners()).containsExactly("ann", "bob", "dan", "fay");
            assertThat(told(context))
                    .containsExactlyInAnyOrder(
                            "first ann",
                            "first bob",
                            "second ann",
                            "second bob",
                            "first dan",
                            "second dan",
                            "first fay",
                            "second fay");
            assertThat(told(context).indexOf("first ann"))
                    .isLessThan(told(context).indexOf("second ann"));
            assertThat(context.getBean(HookJournal.class).events())
                    .contains("failed WORK insert account[3]", "failed SAVEPOINT insert account[5]");
            assertThat(context.getBean(CommitHooks.class).explain())
                    .contains("$First (order 1)", "$Second (order 2)", "journal (last)");
        }
    }

    @Test
    void exceptionOfAnAfterHookReachesTheCallerOfTheService() {
        try (ConfigurableApplicationContext context = start(Application.class)) {
            assertThatThrownBy(() -> context.getBean(Accounts.class).open("bad"))
                    .isInstanceOf(AfterCommitException.class);
        }
        assertThat(owners()).containsExactly("bad");
    }

    @Test
    void propertiesArePolicies() {
        try (ConfigurableApplicationContext context = start(
                Application.class, "commit-hooks.after-commit-errors=log", "commit-hooks.outside-transaction=reject")) {
            Accounts accounts = context.getBean(Accounts.class);

            accounts.open("bad");
            assertThatThrownBy(() -> accounts.openWithoutTransaction("fay")).hasStackTraceContaining("REJECT");
        }
        assertThat(owners()).containsExactly("bad");
    }

    @Test
    void nothingIsInstalledWhenSwitchedOff() {
        try (ConfigurableApplicationContext context = start(Application.class, "commit-hooks.enabled=false")) {
            context.getBean(Accounts.class).open("ann");

            assertThat(told(context)).isEmpty();
            assertThat(context.getBeansOfType(CommitHooks.class)).isEmpty();
        }
        assertThat(owners()).containsExactly("ann");
    }
}
