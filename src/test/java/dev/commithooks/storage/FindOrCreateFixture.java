package dev.commithooks.storage;

import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.warehouse.tables.records.StockRecord;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.TestDatabase;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;

/** A storage on PostgreSQL, the hooks that hear of it, and candidates. */
abstract class FindOrCreateFixture {

    final TestDatabase database;
    final HookJournal journal = new HookJournal();
    final DSLContext dsl;
    final Storage storage;

    FindOrCreateFixture(TestDatabase database) {
        this.database = database;
        this.dsl = hooked(3);
        this.storage = Storage.on(dsl);
    }

    DSLContext hooked(int connections) {
        return CommitHooks.builder()
                .registerAll(journal)
                .build()
                .attachTo(DSL.using(database.pool(connections), SQLDialect.POSTGRES));
    }

    static StockRecord stock(String isbn, String bin) {
        StockRecord stock = new StockRecord();
        stock.setIsbn(isbn);
        stock.setBin(bin);
        return stock;
    }

    static void count(StockRecord row) {
        row.setQuantity(row.getQuantity() + 1);
    }
}
