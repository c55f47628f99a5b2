package dev.commithooks.durable;

import java.math.BigDecimal;
import org.jooq.UDTField;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.jooq.impl.UDTImpl;
import org.jooq.impl.UDTRecordImpl;
import org.jspecify.annotations.Nullable;

/** A composite type of the database with an enum, an array and another composite type in it, as jOOQ generates them. */
final class Place extends UDTImpl<Place.Row> {

    private static final long serialVersionUID = 1L;

    static final Place PLACE = new Place();

    static final UDTField<Row, String> NAME = createField(DSL.name("name"), SQLDataType.CLOB, PLACE);
    static final UDTField<Row, EveryType.Mood> MOOD =
            createField(DSL.name("mood"), SQLDataType.VARCHAR.asEnumDataType(EveryType.Mood.class), PLACE);
    static final UDTField<Row, Integer[]> HOUSES = createField(DSL.name("houses"), SQLDataType.INTEGER.array(), PLACE);
    static final UDTField<Row, Spot.Row> SPOT = createField(DSL.name("spot"), Spot.SPOT.getDataType(), PLACE);

    private Place() {
        super(DSL.name("place"), null, null, false);
    }

    @Override
    public Class<Row> getRecordType() {
        return Row.class;
    }

    /** A value of it. */
    public static final class Row extends UDTRecordImpl<Row> {

        private static final long serialVersionUID = 1L;

        /** jOOQ makes values by this constructor. */
        public Row() {
            super(PLACE);
        }
    }

    static Row of(
            @Nullable String name,
            EveryType.@Nullable Mood mood,
            Integer @Nullable [] houses,
            Spot.@Nullable Row spot) {
        Row row = new Row();
        row.set(NAME, name);
        row.set(MOOD, mood);
        row.set(HOUSES, houses);
        row.set(SPOT, spot);
        return row;
    }

    /** The one inside. */
    static final class Spot extends UDTImpl<Spot.Row> {

        private static final long serialVersionUID = 1L;

        static final Spot SPOT = new Spot();

        static final UDTField<Row, BigDecimal> LATITUDE = createField(DSL.name("latitude"), SQLDataType.NUMERIC, SPOT);
        static final UDTField<Row, Boolean> KNOWN = createField(DSL.name("known"), SQLDataType.BOOLEAN, SPOT);

        private Spot() {
            super(DSL.name("spot"), null, null, false);
        }

        @Override
        public Class<Row> getRecordType() {
            return Row.class;
        }

        /** A value of it. */
        public static final class Row extends UDTRecordImpl<Row> {

            private static final long serialVersionUID = 1L;

            /** jOOQ makes values by this constructor. */
            public Row() {
                super(SPOT);
            }
        }

        static Row of(@Nullable BigDecimal latitude, @Nullable Boolean known) {
            Row row = new Row();
            row.set(LATITUDE, latitude);
            row.set(KNOWN, known);
            return row;
        }
    }
}
