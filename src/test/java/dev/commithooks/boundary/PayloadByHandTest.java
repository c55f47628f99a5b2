package dev.commithooks.boundary;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static dev.commithooks.bookshop.shop.Tables.PURCHASE_LINE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.bookshop.shop.tables.records.BookRecord;
import dev.commithooks.change.ChangeSet;
import dev.commithooks.change.Deleted;
import dev.commithooks.change.Inserted;
import dev.commithooks.change.RowKey;
import dev.commithooks.change.TableChanges;
import dev.commithooks.change.Updated;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Changes and keys that no database has made. */
class PayloadByHandTest {

    @Test
    void changesCanBeMadeByHandToTestAHook() {
        BookRecord before = new BookRecord();
        before.setId(7L);
        before.setTitle("before");
        BookRecord after = new BookRecord();
        after.setId(7L);
        after.setTitle("after");

        Updated<BookRecord> update = Updated.of(BOOK, before, after);
        after.setTitle("altered");

        assertThat(update.row().getTitle()).isEqualTo("after");
        assertThat(update.changedFields()).isEqualTo(List.of(BOOK.TITLE));
        assertThat(update.changed(BOOK.TITLE)).isTrue();
        assertThat(update.key()).contains(RowKey.of(BOOK, 7));
        assertThat(update.knewOldRow()).isTrue();
        assertThat(Inserted.of(BOOK, before).key().orElseThrow().get(BOOK.ID)).isEqualTo(7L);
        assertThat(Deleted.of(BOOK, before).oldRow()).isNotSameAs(before).isEqualTo(before);
        TableChanges<BookRecord> changes = TableChanges.of(BOOK, List.of(update, Inserted.of(BOOK, before)));
        assertThat(changes.updated()).containsExactly(update);
        assertThat(changes.inserted()).hasSize(1);
        assertThat(changes.deleted()).isEmpty();
        assertThat(ChangeSet.of(List.of(update)).of(BOOK.as("b")).all()).hasSize(1);
        assertThat(ChangeSet.of(List.of(update)).of(AUTHOR).isEmpty()).isTrue();
    }

    @Test
    void keysAreEqualWhenTheyNameTheSameRow() {
        assertThat(RowKey.of(BOOK, 1)).isEqualTo(RowKey.of(BOOK, 1L)).hasSameHashCodeAs(RowKey.of(BOOK, 1L));
        assertThat(RowKey.of(BOOK, new BigDecimal("1.00")))
                .isEqualTo(RowKey.of(BOOK, 1))
                .hasSameHashCodeAs(RowKey.of(BOOK, 1));
        assertThat(RowKey.of(BOOK, new BigDecimal("1.50")))
                .isEqualTo(RowKey.of(BOOK, new BigDecimal("1.5")))
                .hasSameHashCodeAs(RowKey.of(BOOK, new BigDecimal("1.5")));
        assertThat(RowKey.of(BOOK, new byte[] {1}))
                .isEqualTo(RowKey.of(BOOK, new byte[] {1}))
                .hasSameHashCodeAs(RowKey.of(BOOK, new byte[] {1}));
        assertThat(RowKey.of(BOOK, 1)).isNotEqualTo(RowKey.of(AUTHOR, 1));
        assertThat(RowKey.of(PURCHASE_LINE, 1, 2)).isNotEqualTo(RowKey.of(PURCHASE_LINE, 2, 1));
        assertThatThrownBy(() -> RowKey.of(PURCHASE_LINE, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2 primary-key columns");
        assertThat(Optional.of(RowKey.of(BOOK, 1))).hasToString("Optional[public.book[1]]");
    }
}
