package dev.commithooks.storage;

import static dev.commithooks.bookshop.press.Tables.EDITION;
import static dev.commithooks.bookshop.press.Tables.EDITOR;
import static dev.commithooks.bookshop.press.Tables.HOUSE;
import static dev.commithooks.bookshop.press.Tables.PRINTING;
import static dev.commithooks.bookshop.press.Tables.TITLE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.CommitHooks;
import dev.commithooks.CommitHooksBuilder;
import dev.commithooks.bookshop.press.tables.records.CategoryRecord;
import dev.commithooks.bookshop.press.tables.records.EditorRecord;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.Recording;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.AfterEach;

/** A storage on PostgreSQL, and what hooks were told of the records that it took. */
abstract class GraphFixture {

    final TestDatabase database;
    final HookJournal journal = new HookJournal();
    final List<String> told = new ArrayList<>();
    final DSLContext dsl;

    GraphFixture(TestDatabase database) {
        this.database = database;
        this.dsl = attached(CommitHooks.builder().registerAll(journal));
    }

    /** Who hears of the records, which decides how they go to the database. */
    enum Heard {
        BY_A_HOOK,
        BY_A_HOOK_AS_RECORDS,
        BY_NOBODY
    }

    DSLContext dsl(Heard heard) {
        CommitHooksBuilder hooks = CommitHooks.builder();
        return switch (heard) {
            case BY_A_HOOK -> dsl;
            case BY_A_HOOK_AS_RECORDS -> attached(hooks.registerAll(journal).recording(Recording.RECORDS_ONLY));
            case BY_NOBODY -> attached(hooks);
        };
    }

    DSLContext attached(CommitHooksBuilder hooks) {
        return hooks.build().attachTo(DSL.using(database.pool(3), SQLDialect.POSTGRES));
    }

    /** What hooks were told since the last time. */
    List<String> news() {
        List<String> news = journal.drain();
        told.addAll(news);
        return news;
    }

    @AfterEach
    void hooksWereToldWhatTheDatabaseDid() {
        news();
        List<String> after = told.stream()
                .filter(event -> event.startsWith("after "))
                .map(event -> event.substring("after ".length(), event.indexOf('[')))
                .toList();
        if (!after.isEmpty()) { // nothing is told of what a DSLContext without hooks writes
            assertThat(after)
                    .containsExactlyInAnyOrderElementsOf(database.journal().stream()
                            .map(row -> row.operation().name().toLowerCase(Locale.ROOT) + " " + row.table())
                            .toList());
        }
    }

    List<Integer> counts() {
        return List.of(HOUSE, TITLE, EDITOR, EDITION, PRINTING).stream()
                .map(table -> database.dsl().fetchCount(table))
                .toList();
    }

    static EditorRecord editor(String name) {
        EditorRecord editor = new EditorRecord();
        editor.setName(name);
        return editor;
    }

    static CategoryRecord category(String name) {
        CategoryRecord category = new CategoryRecord();
        category.setName(name);
        return category;
    }
}
