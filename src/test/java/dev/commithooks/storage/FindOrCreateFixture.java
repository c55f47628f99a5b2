package dev.commithooks.storage;

import dev.commithooks.bookshop.warehouse.tables.records.StockRecord;
import dev.commithooks.fixture.HookJournal;
import dev.commithooks.fixture.TestDatabase;
import org.jooq.DSLContext;

/** A storage, the hooks that hear of it, and candidates. */
abstract class FindOrCreateFixture {

    final AnyDatabase any;
    final TestDatabase database;
    final HookJournal journal;
    final DSLContext dsl;
    final Storage storage;

    FindOrCreateFixture(TestDatabase database) {
        this.any = new AnyDatabase(database);
        this.database = database;
        this.journal = any.journal;
        this.dsl = any.dsl;
        this.storage = Storage.on(dsl);
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
