package dev.commithooks.recording;

import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static dev.commithooks.bookshop.shop.Tables.STOCK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.CommitHooksBuilder;
import dev.commithooks.bookshop.shop.tables.records.BookRecord;
import dev.commithooks.change.Change;
import dev.commithooks.change.Deleted;
import dev.commithooks.change.Inserted;
import dev.commithooks.change.Updated;
import dev.commithooks.fixture.Ability;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Needs;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.BucketMode;
import dev.commithooks.policy.OldRows;
import java.util.List;
import org.jooq.Field;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Columns that are left out of images are in none of them, whatever writes the row, and are not fetched for them. */
@Database
@Needs(Ability.CAPTURED_STATEMENTS)
class LeftOutTest {

    private final TestDatabase database;

    LeftOutTest(TestDatabase database) {
        this.database = database;
    }

    private void write(Shop shop) {
        shop.transaction(dsl -> {
            BookRecord book = dsl.newRecord(BOOK);
            book.setTitle("by record");
            book.setCover(new byte[] {1});
            book.setTags(new String[] {"a"});
            book.store();
            book.setCover(new byte[] {2});
            book.setTitle("by record again");
            book.store();
            dsl.update(BOOK)
                    .set(BOOK.COVER, new byte[] {3})
                    .set(BOOK.TITLE, "by statement")
                    .execute();
            dsl.batch(dsl.update(BOOK)
                            .set(BOOK.COVER, (byte[]) null)
                            .set(BOOK.TITLE, (String) null)
                            .where(BOOK.ID.eq((Long) null)))
                    .bind(new byte[] {4}, "by batch", book.getId())
                    .execute();
            dsl.deleteFrom(BOOK).execute();
        });
    }

    @ParameterizedTest
    @EnumSource
    void columnIsInNoImage(OldRows oldRows) {
        Shop shop = Shop.in(
                database,
                builder -> builder.leaveOut(BOOK, BOOK.COVER, BOOK.METADATA).oldRows(oldRows));
        write(shop);
        shop.assertThatWhatWasToldIsWhatWasWritten();
        List<Change<?>> told = shop.after();
        assertThat(told).hasSize(5).allSatisfy(LeftOutTest::knowsNothingOfTheCover);
        assertThat(((Updated<?>) told.get(3)).row().get(BOOK.TAGS)).containsExactly("a");
        assertThat(shop.statements())
                .filteredOn(sql -> sql.contains("ch_new") || sql.contains("returning \"public\".\"book\""))
                .allSatisfy(sql -> assertThat(sql).doesNotContain("ch_new.\"cover\"", "ch_old.\"cover\""));
    }

    /** A later write that does not know the column must not leave it as an earlier one made it. */
    @ParameterizedTest
    @EnumSource
    void foldedImageKnowsNothingOfItEither(BucketMode mode) {
        Shop shop = Shop.in(
                database,
                builder -> builder.leaveOut(BOOK, BOOK.COVER, BOOK.METADATA).buckets(mode));
        write(shop);
        assertThat(shop.after())
                .hasSize(mode == BucketMode.NET ? 0 : mode == BucketMode.EVERY ? 5 : 3)
                .allSatisfy(LeftOutTest::knowsNothingOfTheCover);
    }

    private static void knowsNothingOfTheCover(Change<?> change) {
        if (change instanceof Inserted<?> inserted) {
            assertThat(inserted.knows(BOOK.COVER)).isFalse();
            assertThat(inserted.row().get(BOOK.COVER)).isNull();
        } else if (change instanceof Updated<?> updated) {
            assertThat(updated.knows(BOOK.COVER) || updated.knewOld(BOOK.COVER)).isFalse();
            assertThat(updated.row().get(BOOK.COVER)).isNull();
            assertThat(updated.changedFields())
                    .extracting(Field::getName)
                    .contains("title")
                    .doesNotContain("cover");
        } else if (change instanceof Deleted<?> deleted) {
            assertThat(deleted.knew(BOOK.COVER)).isFalse();
        }
    }

    /** What would else keep the listener to records: arrays and bytes, which no batch returns. */
    @Test
    void tableWithoutItIsToldOfByTheServer() {
        boolean tells = database.postgresVersion() >= 18;
        Shop shop = Shop.in(
                database, database.pool(1), List.of(BOOK), builder -> builder.leaveOut(BOOK, BOOK.COVER, BOOK.TAGS));
        shop.transaction(dsl -> dsl.selectOne().fetch());
        shop.transaction(
                dsl -> assertThat(dsl.configuration().recordListenerProviders()).hasSize(tells ? 0 : 1));
        write(shop);
        shop.assertThatWhatWasToldIsWhatWasWritten();
    }

    @Test
    void keyAndColumnsOfOthersAreRefused() {
        CommitHooksBuilder builder = CommitHooks.builder();
        assertThatThrownBy(() -> builder.leaveOut(BOOK, BOOK.ID))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("leaveOut")
                .hasMessageContaining("primary key");
        assertThatThrownBy(() -> builder.leaveOut(BOOK, STOCK.SHELF))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no column shelf");
    }
}
