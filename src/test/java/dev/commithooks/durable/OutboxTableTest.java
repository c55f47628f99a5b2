package dev.commithooks.durable;

import static dev.commithooks.bookshop.shop.Tables.BOOK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.CommitHooks;
import dev.commithooks.bookshop.shop.tables.records.BookRecord;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;

@Database
class OutboxTableTest {

    private final TestDatabase database;
    private final DSLContext dsl;

    OutboxTableTest(TestDatabase database) {
        this.database = database;
        this.dsl = CommitHooks.builder()
                .participant(OutboxTable.of(BOOK)
                        .topic(change -> "shop." + change.table().getName()))
                .build()
                .attachTo(DSL.using(database.pool(2), SQLDialect.POSTGRES));
    }

    @Test
    void eachCommittedChangeIsARowInDebeziumsWordsAndARolledBackOneIsNone() {
        dsl.transaction(tx -> {
            BookRecord book = tx.dsl().newRecord(BOOK);
            book.setTitle("Tehanu");
            book.store();
        });
        dsl.transaction(tx -> {
            BookRecord book = tx.dsl().fetchSingle(BOOK);
            book.setTitle("Lavinia");
            book.store();
        });
        assertThatThrownBy(() -> dsl.transaction(tx -> {
                    tx.dsl().fetchSingle(BOOK).delete();
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");

        assertThat(database.dsl()
                        .fetch("select aggregatetype, aggregateid, type, payload->>'op', payload->'before'->>'title',"
                                + " payload->'after'->>'title', payload->'source'->>'table', payload->'changed'->>0,"
                                + " jsonb_exists(payload->'before', 'price') from hook_outbox order by seq")
                        .map(row -> row.intoList().toString()))
                .isEqualTo(List.of(
                        "[shop.book, 1, insert, c, null, Tehanu, book, null, null]",
                        "[shop.book, 1, update, u, Tehanu, Lavinia, book, title, true]"));
        assertThat(database.journal()).hasSize(2);
    }
}
