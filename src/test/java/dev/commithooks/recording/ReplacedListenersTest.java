package dev.commithooks.recording;

import static dev.commithooks.bookshop.shop.Tables.ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.commithooks.bookshop.shop.tables.records.AccountRecord;
import dev.commithooks.fixture.Database;
import dev.commithooks.fixture.TestDatabase;
import dev.commithooks.policy.Recording;
import dev.commithooks.transaction.StatementRefusedException;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.ExecuteListener;
import org.jooq.RecordListener;
import org.junit.jupiter.api.Test;

/** Listeners of somebody else's that took the place of ours: a record's write is refused, since no hook would hear of it. */
@Database
class ReplacedListenersTest {

    private final TestDatabase database;
    private final Shop shop;

    ReplacedListenersTest(TestDatabase database) {
        this.database = database;
        this.shop = Shop.in(database, builder -> builder.recording(Recording.RECORDS_ONLY));
    }

    @Test
    void executeListener() {
        shop.transaction(dsl -> assertThatItIsRefused(
                dsl.configuration().derive(ExecuteListener.onStart(ctx -> {})), "ExecuteListenerProvider"));
        assertThat(database.journal()).isEmpty();
    }

    @Test
    void recordListener() {
        shop.transaction(dsl -> assertThatItIsRefused(
                dsl.configuration().derive(RecordListener.onInsertStart(ctx -> {})), "RecordListenerProvider"));
        assertThat(database.journal()).isEmpty();
    }

    private static void assertThatItIsRefused(Configuration replaced, String part) {
        assertThatThrownBy(() -> account(replaced.dsl()).insert())
                .isInstanceOf(StatementRefusedException.class)
                .hasMessageContaining(part);
    }

    private static AccountRecord account(DSLContext dsl) {
        AccountRecord account = dsl.newRecord(ACCOUNT);
        account.setId(7L);
        account.setOwner("unheard");
        return account;
    }
}
