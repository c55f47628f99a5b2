package dev.commithooks.recording;

import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import org.jooq.TableField;
import org.jooq.UniqueKey;
import org.jooq.impl.DSL;
import org.jooq.impl.Internal;
import org.jooq.impl.SQLDataType;
import org.jooq.impl.TableImpl;
import org.jooq.impl.UpdatableRecordImpl;
import org.jooq.types.DayToSecond;
import org.jooq.types.YearToMonth;
import org.jooq.types.YearToSecond;

/** A table with a key of everything that the database compares in a way of its own, as the code generator would make it. */
@SuppressWarnings({"serial", "unchecked", "rawtypes"}) // never written
final class Oddity extends TableImpl<Oddity.OddityRecord> {

    static final Oddity ODDITY = new Oddity();

    static final String DDL = """
            drop table if exists oddity;
            create table oddity (
                code char(5), measure double precision, at timestamptz(3), local timestamp, span interval, amount numeric(10, 2),
                quantity integer,
                primary key (code, measure, at, local, span, amount));
            select journal.watch('oddity')""";

    final TableField<OddityRecord, String> code =
            createField(DSL.name("code"), SQLDataType.CHAR(5).nullable(false), this);
    final TableField<OddityRecord, Double> measure =
            createField(DSL.name("measure"), SQLDataType.DOUBLE.nullable(false), this);
    final TableField<OddityRecord, OffsetDateTime> at =
            createField(DSL.name("at"), SQLDataType.OFFSETDATETIME(3).nullable(false), this);
    final TableField<OddityRecord, LocalDateTime> local =
            createField(DSL.name("local"), SQLDataType.LOCALDATETIME(6).nullable(false), this);
    final TableField<OddityRecord, YearToSecond> span =
            createField(DSL.name("span"), SQLDataType.INTERVAL.nullable(false), this);
    final TableField<OddityRecord, BigDecimal> amount =
            createField(DSL.name("amount"), SQLDataType.NUMERIC(10, 2).nullable(false), this);
    final TableField<OddityRecord, Integer> quantity = createField(DSL.name("quantity"), SQLDataType.INTEGER, this);

    private Oddity() {
        super(DSL.name("oddity"));
    }

    @Override
    public Class<OddityRecord> getRecordType() {
        return OddityRecord.class;
    }

    @Override
    public UniqueKey<OddityRecord> getPrimaryKey() {
        return Internal.createUniqueKey(
                this, DSL.name("oddity_pkey"), new TableField[] {code, measure, at, local, span, amount}, true);
    }

    static final class OddityRecord extends UpdatableRecordImpl<OddityRecord> {

        OddityRecord() {
            super(ODDITY);
        }

        /** A row with an ordinary key. */
        OddityRecord ordinary(int newQuantity) {
            set(ODDITY.code, "a");
            set(ODDITY.measure, 1.5);
            set(ODDITY.at, OffsetDateTime.parse("2024-02-29T12:00:00Z"));
            set(ODDITY.local, LocalDateTime.parse("2024-02-29T12:00:00"));
            set(ODDITY.span, new YearToSecond(new YearToMonth(0, 1), new DayToSecond(2)));
            set(ODDITY.amount, new BigDecimal("1.10"));
            set(ODDITY.quantity, newQuantity);
            return this;
        }
    }
}
