package bookshop;

import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static dev.commithooks.bookshop.shop.Tables.STOCK;

import dev.commithooks.bookshop.shop.tables.records.PurchaseLineRecord;
import dev.commithooks.bookshop.shop.tables.records.StockRecord;
import dev.commithooks.change.Deleted;
import dev.commithooks.change.Inserted;
import dev.commithooks.change.Updated;
import dev.commithooks.hook.BeforeCommitHooks;
import dev.commithooks.hook.HookContext;

/** Takes what is ordered off the shelf in the transaction that orders it, or refuses it: a before hook that writes. */
final class Shelves implements BeforeCommitHooks<PurchaseLineRecord> {

    @Override
    public void beforeCommitInsert(Inserted<PurchaseLineRecord> line, HookContext ctx) {
        take(line.row(), line.row().getQuantity(), ctx);
    }

    @Override
    public void beforeCommitUpdate(Updated<PurchaseLineRecord> line, HookContext ctx) {
        take(line.row(), line.row().getQuantity() - line.oldRow().getQuantity(), ctx);
    }

    @Override
    public void beforeCommitDelete(Deleted<PurchaseLineRecord> line, HookContext ctx) {
        take(line.oldRow(), -line.oldRow().getQuantity(), ctx);
    }

    private static void take(PurchaseLineRecord line, int copies, HookContext ctx) {
        StockRecord shelf = ctx.dsl()
                .select(STOCK)
                .from(STOCK)
                .join(BOOK)
                .on(BOOK.ISBN.eq(STOCK.ISBN))
                .where(BOOK.ID.eq(line.getBookId()))
                .forUpdate()
                .of(STOCK)
                .fetchSingle()
                .value1();
        if (shelf.getQuantity() < copies) {
            throw new SoldOut("only " + shelf.getQuantity() + " left of " + shelf.getIsbn());
        }
        shelf.setQuantity(shelf.getQuantity() - copies);
        shelf.store();
    }

    /** There are not enough copies. */
    static final class SoldOut extends RuntimeException {
        private static final long serialVersionUID = 1L;

        SoldOut(String message) {
            super(message);
        }
    }
}
