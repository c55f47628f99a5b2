package dev.commithooks.bench;

import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jooq.impl.TableImpl;

/** A table that no benchmark writes to: hooks "on other tables only" are on this one. */
public final class OtherItem extends TableImpl<Record> {

    public static final OtherItem OTHER_ITEM = new OtherItem();

    private static final long serialVersionUID = 1L;

    private OtherItem() {
        super(DSL.name("public", "other_item"));
    }
}
