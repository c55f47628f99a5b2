package dev.commithooks.testkit;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.bookshop.shop.Tables.REVIEW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.testing.RolledBackDatabase;
import dev.commithooks.testing.TestTransaction;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;

@Database
class RolledBackDatabaseTest {

    private final TestDatabase database;
    private final RolledBackDatabase rolledBack;
    private final HookJournal journal = new HookJournal();
    private final DSLContext dsl;

    RolledBackDatabaseTest(TestDatabase database) {
        this.database = database;
        this.rolledBack = RolledBackDatabase.over(database.simpleDataSource());
        this.dsl = CommitHooks.builder()
                .registerAll(journal)
                .build()
                .attachTo(DSL.using(rolledBack.dataSource(), SQLDialect.POSTGRES));
    }

    private void author(DSLContext by, String name) {
        var author = by.newRecord(AUTHOR);
        author.setName(name);
        author.store();
    }

    @Test
    void hooksFireAsIfCommittedAndNothingStays() {
        try (TestTransaction test = rolledBack.begin("test")) {
            dsl.transaction(tx -> {
                author(tx.dsl(), "Le Guin");
                tx.dsl().transaction(nested -> author(nested.dsl(), "Wolfe"));
            });
            author(dsl, "Delany");

            assertThat(journal.drain())
                    .containsExactly(
                            "before insert author[1]",
                            "before insert author[2]",
                            "after insert author[1]",
                            "after insert author[2]",
                            "before insert author[3]",
                            "after insert author[3]");
            assertThat(dsl.fetchCount(AUTHOR)).isEqualTo(3);
            assertThat(test.findings()).isEmpty();
        }
        assertThat(database.dsl().fetchCount(AUTHOR)).isZero();
    }

    @Test
    void deferredConstraintsAreCheckedAtTheVirtualCommit() {
        try (TestTransaction test = rolledBack.begin("test")) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> dsl.transaction(tx -> {
                            var review = tx.dsl().newRecord(REVIEW);
                            review.setBookId(99L);
                            review.setRating((short) 5);
                            review.store();
                        }))
                        .isInstanceOfSatisfying(
                                DataAccessException.class,
                                e -> assertThat(e.sqlState()).isEqualTo("23503"));
            }
            assertThat(journal.drain())
                    .filteredOn(event -> event.startsWith("failed"))
                    .containsExactly("failed COMMIT insert review[1]", "failed COMMIT insert review[2]");
            assertThat(test.findings()).isEmpty();
        }
    }
}
