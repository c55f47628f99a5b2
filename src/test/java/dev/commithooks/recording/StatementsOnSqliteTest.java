package dev.commithooks.recording;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.commithooks.change.Updated;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.Product;
import dev.commithooks.fixture.TestDatabase;
import java.util.List;
import org.junit.jupiter.api.Test;

@Database(on = Product.SQLITE)
class StatementsOnSqliteTest extends PortableStatementContract {

    private final TestDatabase database;

    StatementsOnSqliteTest(TestDatabase database) {
        super(database);
        this.database = database;
    }

    /** A known limit: nobody reads which columns a text sets, and what they were is not known. */
    @Test
    void updateInPlainTextDoesNotSayWhichColumnsItHasChanged() {
        Shop shop = Shop.in(database, database.pool(1), List.of(ACCOUNT), builder -> builder);
        database.dsl().execute("insert into account (id, owner) values (1, 'ann')");

        shop.transaction(dsl -> {
            dsl.execute("update account set owner = 'ben'");
            dsl.update(ACCOUNT).set(ACCOUNT.OWNER, "cleo").execute();
        });

        assertThat(shop.after())
                .extracting(change -> (Updated<?>) change)
                .satisfiesExactly(
                        inText -> {
                            assertThat(inText.row().get(ACCOUNT.OWNER)).isEqualTo("ben");
                            assertThat(inText.changedFields()).isEmpty();
                        },
                        built -> assertThat(built.changed(ACCOUNT.OWNER)).isTrue());
    }
}
