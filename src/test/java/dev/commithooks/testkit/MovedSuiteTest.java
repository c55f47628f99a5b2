package dev.commithooks.testkit;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.testkit.RolledBackExtensionTest.failures;
import static dev.commithooks.testkit.RolledBackExtensionTest.run;
import static dev.commithooks.testkit.ShopApplication.DATABASE;
import static dev.commithooks.testkit.ShopApplication.author;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.junit.RolledBack;
import dev.commithooks.testing.HookJournal;
import org.jooq.DSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.Events;

/** A suite that commits and cleans up, and the same one moved over, as the page on testing says. */
class MovedSuiteTest {

    @Test
    void theSameTestsPassAndNothingIsCommitted() {
        int before = DATABASE.journal().size();
        assertThat(passed(Committing.class)).isEqualTo(2);
        int committed = DATABASE.journal().size();
        assertThat(committed).as("rows that the suite has committed").isGreaterThan(before);

        assertThat(passed(Moved.class)).isEqualTo(3);

        assertThat(DATABASE.journal()).hasSize(committed);
        RolledBackExtensionTest.assertNothingHasStayed();
    }

    private static long passed(Class<?> tests) {
        Events events = run(tests);
        assertThat(failures(events)).as(tests.getSimpleName()).isEmpty();
        return events.succeeded().stream()
                .filter(event -> event.getTestDescriptor().isTest())
                .count();
    }

    /** The tests, which stay as they are. */
    abstract static class Authors {

        final DSLContext dsl;

        Authors(DSLContext dsl) {
            this.dsl = dsl;
        }

        @Test
        void anAuthorIsStored() {
            dsl.transaction(tx -> author(tx.dsl(), "Le Guin"));

            assertThat(dsl.fetchCount(AUTHOR)).isEqualTo(1);
        }

        @Test
        void nobodyIsStoredByATransactionThatThrows() {
            assertThatThrownBy(() -> dsl.transaction(tx -> {
                        author(tx.dsl(), "Le Guin");
                        throw new IllegalStateException("no");
                    }))
                    .hasMessage("no");

            assertThat(dsl.fetchCount(AUTHOR)).isZero();
        }
    }

    // region: suite-before
    static class Committing extends Authors {

        Committing() {
            super(ShopApplication.hooks().build().attachTo(DATABASE.dsl()));
        }

        @AfterEach
        void cleanUp() {
            dsl.deleteFrom(AUTHOR).execute();
        }
    }
    // endregion

    // region: suite-after
    @RolledBack(ShopApplication.class)
    static class Moved extends Authors {

        Moved(DSLContext dsl) {
            super(dsl);
        }

        @Test // new: hooks can be asked for
        void theHooksAreToldOfAnAuthor(HookJournal journal) {
            author(dsl, "Le Guin");

            assertThat(journal.after(AUTHOR).inserted()).hasSize(1);
        }
    }
    // endregion
}
