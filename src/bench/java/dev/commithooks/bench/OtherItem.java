package dev.commithooks.bench;

import org.jooq.TableField;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.jooq.impl.TableImpl;
import org.jooq.impl.TableRecordImpl;

/** A table that no benchmark writes to: hooks "on other tables only" are on this one. */
public final class OtherItem extends TableImpl<OtherItem.Row> {

    public static final OtherItem OTHER_ITEM = new OtherItem();

    private static final long serialVersionUID = 1L;

    final TableField<Row, String> name = createField(DSL.name("name"), SQLDataType.CLOB, this);

    private OtherItem() {
        super(DSL.name("other_item"));
    }

    @Override
    public Class<Row> getRecordType() {
        return Row.class;
    }

    /** A row of {@link #OTHER_ITEM}. */
    public static final class Row extends TableRecordImpl<Row> {

        private static final long serialVersionUID = 1L;

        /** jOOQ makes records by this constructor. */
        public Row() {
            super(OTHER_ITEM);
        }
    }
}
