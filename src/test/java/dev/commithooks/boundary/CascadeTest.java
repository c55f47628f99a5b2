package dev.commithooks.boundary;

import static dev.commithooks.bookshop.shop.Tables.AUDIT_LOG;
import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.CommitHooksBuilder;
import dev.commithooks.bookshop.shop.tables.records.AuditLogRecord;
import dev.commithooks.bookshop.shop.tables.records.AuthorRecord;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.hook.HookContext;
import dev.commithooks.hook.HookOptions;
import dev.commithooks.policy.Cascade;
import org.jooq.DSLContext;
import org.junit.jupiter.api.Test;

/** What becomes of the rows that before hooks write. */
@Database
class CascadeTest {

    private final HookJournal journal = new HookJournal();
    private final TestDatabase database;

    CascadeTest(TestDatabase database) {
        this.database = database;
    }

    private static void audit(HookContext ctx, String operation) {
        AuditLogRecord entry = ctx.dsl().newRecord(AUDIT_LOG);
        entry.setTableName("author");
        entry.setOperation(operation);
        entry.store();
    }

    private CommitHooksBuilder auditing() {
        return CommitHooks.builder()
                .on(AUTHOR, on -> on.beforeCommitInsert((author, ctx) -> audit(ctx, "INSERT")))
                .registerAll(journal);
    }

    private void storeAuthor(DSLContext dsl) {
        dsl.transaction(tx -> {
            AuthorRecord author = tx.dsl().newRecord(AUTHOR);
            author.setName("a");
            author.store();
        });
    }

    private void assertTables(String... tables) {
        assertThat(database.journal()).extracting(entry -> entry.table()).containsExactly(tables);
    }

    @Test
    void byDefaultRowsOfBeforeHooksGetAfterHooksOnly() {
        storeAuthor(auditing().build().attachTo(database.dsl()));

        assertThat(journal.events())
                .containsExactly("before insert author[1]", "after insert author[1]", "after insert audit_log[1]");
        assertTables("author", "audit_log");
    }

    @Test
    void byTheClassicRuleRowsOfBeforeHooksFireNothing() {
        storeAuthor(auditing().cascade(Cascade.none()).build().attachTo(database.dsl()));

        assertThat(journal.events()).containsExactly("before insert author[1]", "after insert author[1]");
        assertTables("author", "audit_log");
    }

    @Test
    void inRoundsRowsOfBeforeHooksGetBeforeHooksOfTheirOwn() {
        storeAuthor(auditing().cascade(Cascade.rounds(2)).build().attachTo(database.dsl()));

        assertThat(journal.events())
                .containsExactly(
                        "before insert author[1]",
                        "before insert audit_log[1]",
                        "after insert author[1]",
                        "after insert audit_log[1]");
        assertTables("author", "audit_log");
    }

    @Test
    void oneRoundThatIsNotEnoughIsRolledBackAndNotSilent() {
        DSLContext dsl = auditing().cascade(Cascade.rounds(1)).build().attachTo(database.dsl());

        assertThatThrownBy(() -> storeAuthor(dsl))
                .hasMessageContaining("IS rolled back: after 1 round of before hooks")
                .hasMessageContaining("public.audit_log");

        assertTables();
        assertThatThrownBy(() -> Cascade.rounds(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void hooksThatGoRoundAreNamedAndRolledBack() {
        DSLContext dsl = auditing()
                .on(
                        AUDIT_LOG,
                        HookOptions.named("echo"),
                        on -> on.beforeCommitInsert((entry, ctx) -> audit(ctx, "ECHO")))
                .cascade(Cascade.rounds(3))
                .build()
                .attachTo(database.dsl());

        assertThatThrownBy(() -> storeAuthor(dsl))
                .hasMessageContaining("IS rolled back")
                .hasMessageContaining("3 rounds")
                .hasMessageContaining("public.audit_log")
                .hasMessageContaining("echo");

        assertThat(journal.events())
                .endsWith(
                        "failed BEFORE_HOOK insert audit_log[1]",
                        "failed BEFORE_HOOK insert audit_log[2]",
                        "failed BEFORE_HOOK insert audit_log[3]");
        assertTables();
    }

    @Test
    void whatABeforeHookWritesToARowOfTheWorkIsFoldedOntoIt() {
        DSLContext dsl = CommitHooks.builder()
                .on(
                        AUTHOR,
                        on -> on.beforeCommitInsert((author, ctx) -> {
                                    AuthorRecord row = author.row();
                                    row.setName("by the hook");
                                    row.update();
                                })
                                .afterCommitInsert((author, ctx) ->
                                        journal.add("inserted " + author.row().getName()))
                                .afterCommitUpdate((author, ctx) ->
                                        journal.add("updated " + author.oldRow().getName() + " to "
                                                + author.row().getName())))
                .build()
                .attachTo(database.dsl());

        storeAuthor(dsl);

        assertThat(journal.events()).containsExactly("inserted by the hook", "updated a to by the hook");
        assertThat(database.dsl().fetchValues(AUTHOR.NAME)).containsExactly("by the hook");
    }

    @Test
    void changesWrittenInBeforeHooksFailWithTheRest() {
        DSLContext dsl = auditing()
                .on(
                        AUTHOR,
                        on -> on.beforeCommit((authors, ctx) -> {
                            throw new IllegalStateException("veto");
                        }))
                .build()
                .attachTo(database.dsl());

        assertThatThrownBy(() -> storeAuthor(dsl)).hasMessage("veto");

        assertThat(journal.events())
                .containsExactly(
                        "before insert author[1]",
                        "failed BEFORE_HOOK insert author[1]",
                        "failed BEFORE_HOOK insert audit_log[1]");
        assertTables();
    }
}
