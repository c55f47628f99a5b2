package dev.commithooks.row;

import static dev.commithooks.bookshop.shop.Tables.AUTHOR;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Timestamp;
import java.util.Calendar;
import java.util.GregorianCalendar;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;

class ValuesTest {

    @Test
    void whatCanBeAlteredIsCopied() {
        Timestamp when = new Timestamp(0);
        Calendar calendar = new GregorianCalendar(2024, Calendar.MARCH, 1);
        byte[] bytes = {1, 2};
        Timestamp[][] nested = {{when}, {}};

        assertThat(Values.copyOf(when)).isEqualTo(when).isNotSameAs(when);
        assertThat(Values.copyOf(calendar)).isEqualTo(calendar).isNotSameAs(calendar);
        assertThat((byte[]) Values.copyOf(bytes)).isEqualTo(bytes).isNotSameAs(bytes);
        Timestamp[][] copy = (Timestamp[][]) Values.copyOf(nested);
        assertThat(copy).isDeepEqualTo(nested);
        assertThat(copy[0]).isNotSameAs(nested[0]);
        assertThat(copy[0][0]).isNotSameAs(when);
    }

    @Test
    void whatCannotBeAlteredIsNot() {
        String text = "text";

        assertThat(Values.copyOf(text)).isSameAs(text);
        assertThat(Values.copyOf(null)).isNull();
    }

    @Test
    void textOfAnArrayIsThatOfItsElements() {
        assertThat(Values.text(new int[][] {{1}, {2, 3}})).isEqualTo("[[1], [2, 3]]");
        assertThat(Values.text("a")).isEqualTo("a");
        assertThat(Values.text(null)).isEqualTo("null");
    }

    @Test
    void valueThatCannotBePrintedBreaksNothing() {
        assertThat(Values.text(new Unprintable())).isEqualTo("an unprintable Unprintable");
    }

    private static final class Unprintable {
        @Override
        public String toString() {
            throw new IllegalStateException("no");
        }
    }

    @Test
    void tableIsNamedWithItsSchemaIfItHasOne() {
        assertThat(TableName.of(AUTHOR)).isEqualTo("public.author");
        assertThat(TableName.of(DSL.table(DSL.name("author")))).isEqualTo("author");
        assertThat(TableName.of(DSL.table(DSL.name("", "author")))).isEqualTo("author");
    }
}
