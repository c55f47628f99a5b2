package dev.commithooks.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.change.ChangeType;
import dev.commithooks.engine.log.RowChange;
import dev.commithooks.engine.log.Write;
import dev.commithooks.engine.registry.HookedTable;
import dev.commithooks.policy.BucketMode;
import java.math.BigDecimal;
import java.util.List;
import org.jooq.Converter;
import org.jooq.DataType;
import org.jooq.Record;
import org.jooq.TableField;
import org.jooq.UniqueKey;
import org.jooq.impl.DSL;
import org.jooq.impl.Internal;
import org.jooq.impl.SQLDataType;
import org.jooq.impl.TableImpl;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which keys are one row's. */
class FoldedKeysTest extends FoldingFixture {

    /** A table of which there is only a key. */
    @SuppressWarnings("serial") // never written
    private static final class Keyed<T> extends TableImpl<Record> {

        private final TableField<Record, T> id;

        Keyed(DataType<T> type) {
            super(DSL.name("keyed"));
            id = createField(DSL.name("id"), type, this);
        }

        @Override
        public UniqueKey<Record> getPrimaryKey() {
            return Internal.createUniqueKey(this, DSL.name("keyed_pk"), id);
        }
    }

    @Test
    void numbersOfOneValueAndArraysOfOneContentAreOneKey() {
        assertThat(comesAndGoes(SQLDataType.NUMERIC, new BigDecimal("1.0"), new BigDecimal("1.00")))
                .isEmpty();
        assertThat(comesAndGoes(SQLDataType.BLOB, new byte[] {1}, new byte[] {1}))
                .isEmpty();
        assertThat(comesAndGoes(SQLDataType.BLOB, new byte[] {1}, new byte[] {2}))
                .hasSize(2);
    }

    @Test
    void blanksAtTheEndTellNoKeysApartInAColumnThatIsPaddedWithThem() {
        assertThat(comesAndGoes(SQLDataType.CHAR(5), "a", "a    ")).isEmpty();
        assertThat(comesAndGoes(SQLDataType.VARCHAR(5), "a", "a    ")).hasSize(2);
    }

    /** A type of the user's own, of which nothing works. */
    private static final class Hostile {
        @Override
        public boolean equals(@Nullable Object other) {
            throw new IllegalStateException("equals");
        }

        @Override
        public int hashCode() {
            throw new IllegalStateException("hashCode");
        }

        @Override
        public String toString() {
            throw new IllegalStateException("toString");
        }
    }

    @Test
    void keyIsComparedAsItsConverterStoresIt() {
        DataType<Hostile> type = SQLDataType.VARCHAR.asConvertedDataType(
                Converter.of(String.class, Hostile.class, text -> new Hostile(), value -> "same"));
        assertThat(comesAndGoes(type, new Hostile(), new Hostile())).isEmpty();
    }

    @Test
    void keyThatCanNeitherBeStoredNorComparedNorPrintedBreaksNothing() {
        DataType<Hostile> type = SQLDataType.VARCHAR.asConvertedDataType(
                Converter.of(String.class, Hostile.class, text -> new Hostile(), value -> {
                    throw new IllegalStateException("converter");
                }));

        List<RowChange> told = comesAndGoes(type, new Hostile(), new Hostile());

        assertThat(told).hasSize(2).first().hasToString("insert keyed(id=an unprintable Hostile)");
        assertThat(told.get(0).toChange(null).key())
                .hasValueSatisfying(key -> assertThat(key).hasToString("keyed[an unprintable Hostile]"));
    }

    private static <T> List<RowChange> comesAndGoes(DataType<T> type, T inserted, T deleted) {
        HookedTable keyed = hooked(new Keyed<>(type));
        List<Write> log = List.of(
                new Write(keyed, "keyed", ChangeType.INSERT, null, new Object[] {inserted}, null),
                new Write(keyed, "keyed", ChangeType.DELETE, new Object[] {deleted}, null, null));
        return changes(BucketMode.NET, log);
    }
}
