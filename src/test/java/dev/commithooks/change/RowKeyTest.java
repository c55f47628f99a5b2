package dev.commithooks.change;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static dev.commithooks.bookshop.shop.Tables.PAGE_VIEW;
import static dev.commithooks.bookshop.shop.Tables.PURCHASE_LINE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class RowKeyTest {

    @Test
    void hasTheTableAndTheValuesOfThePrimaryKey() {
        RowKey key = RowKey.of(PURCHASE_LINE, 3L, 1);

        assertThat(key.table()).isSameAs(PURCHASE_LINE);
        assertThat(key.tableName()).isEqualTo("public.purchase_line");
        assertThat(key.values()).containsExactly(3L, 1);
        assertThat(key.get(PURCHASE_LINE.PURCHASE_ID)).isEqualTo(3L);
        assertThat(key.get(PURCHASE_LINE.LINE_NO)).isEqualTo(1);
        assertThat(key).hasToString("public.purchase_line[3, 1]");
    }

    @Test
    void isEqualToThatOfTheSameRow() {
        RowKey key = RowKey.of(PURCHASE_LINE, 3L, 1);

        assertThat(key)
                .isEqualTo(RowKey.of(PURCHASE_LINE, 3, (short) 1))
                .hasSameHashCodeAs(RowKey.of(PURCHASE_LINE, 3, (short) 1))
                .isNotEqualTo(RowKey.of(PURCHASE_LINE, 1, 3))
                .isNotEqualTo(RowKey.named(PURCHASE_LINE, "archive.purchase_line", new Object[] {3, 1}))
                .isNotEqualTo(null)
                .isNotEqualTo("public.purchase_line[3, 1]");
        assertThat(RowKey.of(AUTHOR, 1)).isNotEqualTo(RowKey.of(BOOK, 1));
        assertThat(RowKey.of(AUTHOR, 1).hashCode())
                .isNotEqualTo(RowKey.of(BOOK, 1).hashCode())
                .isNotEqualTo(RowKey.of(AUTHOR, 2).hashCode());
    }

    @Test
    void isMadeOfItsOwnCopy() {
        Object[] values = {1};
        RowKey key = RowKey.of(AUTHOR, values);
        values[0] = 2;

        assertThat(key).isEqualTo(RowKey.of(AUTHOR, 1));
    }

    @Test
    void cannotBeMadeOfWhatIsNoKey() {
        assertThatThrownBy(() -> RowKey.of(PURCHASE_LINE, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("public.purchase_line has 2 primary-key columns, 1 values were given");
        assertThatThrownBy(() -> RowKey.of(PAGE_VIEW, 3)).hasMessageContaining("no primary key");
        assertThatThrownBy(() -> RowKey.of(AUTHOR, 1).get(BOOK.ID))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is no primary-key column of public.author");
    }
}
