package hello;

// region: first-hook
import static dev.commithooks.bookshop.shop.Tables.BOOK;

import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.shop.tables.records.BookRecord;
import javax.sql.DataSource;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
// endregion

/** The first hook, as the first page of the documentation has it. */
final class FirstHook {

    private FirstHook() {}

    static DSLContext runOn(DataSource dataSource) {
        // region: first-hook
        CommitHooks hooks = CommitHooks.builder()
                .on(BOOK, on -> on.afterCommitInsert((book, ctx) -> announce(book.row())))
                .build();
        DSLContext dsl = hooks.attachTo(DSL.using(dataSource, SQLDialect.POSTGRES));

        dsl.transaction(tx -> {
            tx.dsl().newRecord(BOOK).with(BOOK.TITLE, "The Dispossessed").store();
            System.out.println("stored, but not committed yet");
        });
        // endregion
        return dsl;
    }

    private static void announce(BookRecord book) {
        System.out.println("on sale: " + book.getTitle());
    }
}
