package dev.commithooks.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.press.tables.records.EditionRecord;
import dev.commithooks.bookshop.press.tables.records.EditorRecord;
import dev.commithooks.bookshop.press.tables.records.HouseRecord;
import dev.commithooks.bookshop.press.tables.records.TitleRecord;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.BucketMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jooq.DSLContext;

/** A database of whatever product, what hooks were told of it, and records for it. */
final class AnyDatabase {

    final TestDatabase database;
    final HookJournal journal = new HookJournal();
    final DSLContext dsl;

    AnyDatabase(TestDatabase database) {
        this.database = database;
        this.dsl = hooked(3);
    }

    DSLContext hooked(int connections) {
        return CommitHooks.builder()
                .registerAll(journal)
                .buckets(BucketMode.EVERY)
                .build()
                .attachTo(database.dsl(database.pool(connections)));
    }

    /** Rows that were written are those that after hooks were told of. */
    void assertHooksWereToldWhatWasWritten() {
        List<String> after = new ArrayList<>();
        for (String event : journal.events()) {
            if (event.startsWith("after ")) {
                after.add(event.substring("after ".length(), event.indexOf('[')));
            }
        }
        assertThat(after)
                .containsExactlyInAnyOrderElementsOf(database.journal().stream()
                        .map(row -> row.operation().name().toLowerCase(Locale.ROOT) + " " + row.table())
                        .toList());
    }

    static HouseRecord house(String name) {
        HouseRecord house = new HouseRecord();
        house.setName(name);
        return house;
    }

    static TitleRecord title(String name) {
        TitleRecord title = new TitleRecord();
        title.setName(name);
        return title;
    }

    static List<TitleRecord> titles(int count) {
        List<TitleRecord> titles = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            titles.add(title("title " + i));
        }
        return titles;
    }

    static EditorRecord editor(String name) {
        EditorRecord editor = new EditorRecord();
        editor.setId(UUID.randomUUID());
        editor.setName(name);
        return editor;
    }

    static EditionRecord edition(int number) {
        EditionRecord edition = new EditionRecord();
        edition.setEditionNo(number);
        return edition;
    }
}
