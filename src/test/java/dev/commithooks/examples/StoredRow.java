package dev.commithooks.examples;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;

import dev.commithooks.CommitHooks;
import java.util.function.BiFunction;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;

/** A transaction that stores one record of a table with one after hook. */
public final class StoredRow implements BiFunction<DataSource, Runnable, Runnable> {

    /** Registers a hook that does nothing but run the told; returns the transaction, to be run any number of times. */
    @Override
    public Runnable apply(DataSource dataSource, Runnable told) {
        DSLContext dsl = CommitHooks.builder()
                .on(ACCOUNT, on -> on.afterCommitInsert((account, ctx) -> told.run()))
                .build()
                .attachTo(DSL.using(dataSource, SQLDialect.POSTGRES));
        return () -> dsl.transaction(tx -> {
            var account = tx.dsl().newRecord(ACCOUNT);
            account.setOwner("ann");
            account.store();
        });
    }
}
