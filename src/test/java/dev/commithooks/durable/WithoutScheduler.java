package dev.commithooks.durable;

import static dev.commithooks.bookshop.shop.Tables.BOOK;

import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.shop.tables.records.BookRecord;
import java.util.ArrayList;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.postgresql.ds.PGSimpleDataSource;

/** A program with hooks and an outbox, to be run without db-scheduler on its class path. */
final class WithoutScheduler {

    private WithoutScheduler() {}

    public static void main(String... args) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setURL(args[0]);
        dataSource.setUser(args[1]);
        dataSource.setPassword(args[2]);
        List<String> told = new ArrayList<>();
        DSLContext dsl = CommitHooks.builder()
                .on(
                        BOOK,
                        on -> on.afterCommitInsert(
                                (book, ctx) -> told.add(book.row().getTitle())))
                .participant(OutboxTable.of(BOOK))
                .build()
                .attachTo(DSL.using(dataSource, SQLDialect.POSTGRES));
        dsl.transaction(tx -> {
            BookRecord book = tx.dsl().newRecord(BOOK);
            book.setTitle("Tehanu");
            book.store();
        });
        System.out.print("told of " + String.join(", ", told) + ", "
                + dsl.fetchValue("select count(*) from hook_outbox") + " in the outbox\n");
    }
}
