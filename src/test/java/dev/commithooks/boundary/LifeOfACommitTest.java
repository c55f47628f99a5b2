package dev.commithooks.boundary;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.TestDatabase;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.junit.jupiter.api.Test;

@Database
class LifeOfACommitTest {

    private final HookJournal journal = new HookJournal();
    private final DSLContext dsl;
    private final TestDatabase database;

    LifeOfACommitTest(TestDatabase database) {
        this.database = database;
        this.dsl = CommitHooks.builder().registerAll(journal).build().attachTo(database.dsl());
    }

    private static AuthorRecord author(Configuration tx, String name) {
        AuthorRecord author = tx.dsl().newRecord(AUTHOR);
        author.setName(name);
        author.store();
        return author;
    }

    @Test
    void insertsThenUpdatesThenDeletesAreToldBeforeAndAfterTheCommit() {
        dsl.transaction(tx -> {
            AuthorRecord gone = author(tx, "gone");
            AuthorRecord kept = author(tx, "kept");
            gone.delete();
            kept.setName("still kept");
            kept.store();
            journal.add("work done");
        });

        assertThat(journal.events())
                .containsExactly(
                        "work done",
                        "before insert author[1]",
                        "before insert author[2]",
                        "before update author[2]",
                        "before delete author[1]",
                        "after insert author[1]",
                        "after insert author[2]",
                        "after update author[2]",
                        "after delete author[1]");
        assertThat(database.journal()).hasSize(4);
    }

    @Test
    void failedHooksAreToldWhenTheWorkThrows() {
        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    author(tx, "lost");
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");

        assertThat(journal.events()).containsExactly("failed WORK insert author[1]");
        assertThat(database.journal()).isEmpty();
    }

    @Test
    @Needs(Ability.SPENT_IDENTITIES)
    void savepointsAreFollowed() {
        dsl.transaction(tx -> {
            author(tx, "outer");
            assertThatThrownBy(() -> tx.dsl().transaction(inner -> {
                        author(inner, "lost");
                        inner.dsl().transaction(innermost -> author(innermost, "lost too"));
                        throw new IllegalStateException("undo");
                    }))
                    .hasMessage("undo");
            tx.dsl().transaction(inner -> author(inner, "kept"));
        });

        assertThat(journal.events())
                .containsExactly(
                        "failed SAVEPOINT insert author[2]",
                        "failed SAVEPOINT insert author[3]",
                        "before insert author[1]",
                        "before insert author[4]",
                        "after insert author[1]",
                        "after insert author[4]");
        assertThat(database.journal()).extracting(e -> e.value("name")).containsExactly("outer", "kept");
    }
}
